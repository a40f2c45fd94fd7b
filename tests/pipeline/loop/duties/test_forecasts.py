"""A first run where nothing is published, scores after each new day, grades when the time of a forecast has passed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun, published
from foretell.outcomes.grading.published_forecast import PUBLISHED_FORECAST
from foretell.pipeline.loop.duties.duty import Loop
from foretell.pipeline.loop.duties.facts import FACTS, read, unread
from foretell.pipeline.loop.duties.forecasts import (
    FORECASTS,
    graded,
    published_first,
    scored,
    ungraded,
    unpublished,
    unscored,
)
from foretell.project.errors import InputError
from foretell.project.intervals import days
from foretell.project.place import Place
from foretell.project.progress import Silent
from kept import with_finished_steps
from pipeline.loop.daily_shop import comes, daily_shop
from shop import Rows


@pytest.fixture
def loop(shop_run: PublishedRun, shop: Rows, tmp_path: Path) -> Loop:
    return Loop.of(daily_shop(shop_run, shop, tmp_path), Silent(), 0)


def test_scores_are_due_when_the_log_is_complete_to_a_later_day(loop: Loop) -> None:
    assert unpublished(loop) == unscored(loop) == ungraded(loop) == ""
    read(loop)
    assert unscored(loop) == ""
    day = published(loop.place).main.plan.as_of_day()
    comes(loop.place)
    read(loop)
    assert unscored(loop).endswith(f"the newest run knows it until {day}")
    assert "122 customers" in scored(loop) or "121 customers" in scored(loop)
    assert (unscored(loop), unread(loop)) == ("", "")


def test_a_forecast_is_graded_when_its_time_has_passed_and_again_when_the_log_changed(loop: Loop) -> None:
    assert PUBLISHED_FORECAST.name == FORECASTS
    read(loop)
    assert ungraded(loop) == ""
    comes(loop.place, day=30)
    read(loop)
    assert ungraded(loop).startswith("the time of 1 forecast has passed")
    assert graded(loop) == "1 forecast graded"
    assert ungraded(loop) == ""
    comes(loop.place, day=31)
    read(loop)
    assert ungraded(loop)


def test_where_nothing_is_published_the_declaration_is_run(shop_run: PublishedRun, shop: Rows, tmp_path: Path) -> None:
    nowhere = Loop.of(Place.of_results(tmp_path / "nowhere"), Silent(), 0)
    with pytest.raises(InputError, match="nothing to keep running"):
        unpublished(nowhere)
    place = daily_shop(shop_run, shop, tmp_path, '[[objectives]]\nname = "purchase"\nhorizon = "30d"\n')
    shutil.rmtree(place.state)
    with_finished_steps(shop_run, place.state)
    loop = Loop.of(place, Silent(), 0)
    assert unpublished(loop) == "nothing is published yet"
    assert published_first(loop).endswith("120 customers, over the next 30 days")
    assert unpublished(loop) == ""
    assert published(place).record.as_of == shop_run.record.as_of


def test_a_log_that_ends_earlier_than_the_run_is_not_scored(loop: Loop) -> None:
    as_of = published(loop.place).record.as_of
    for until, is_due in ((as_of - days(1), False), (as_of, False), (as_of + 1, True)):
        loop.answer(FACTS, json.dumps({"looks": {}, "complete until": until}))
        assert bool(unscored(loop)) == is_due
