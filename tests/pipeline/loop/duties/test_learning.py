"""A run is looked at once a day, models are held against others when the log changed, and taught anew by a rhythm."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun, published
from foretell.pipeline.loop.duties.duty import Loop
from foretell.pipeline.loop.duties.facts import read
from foretell.pipeline.loop.duties.learning import (
    RETRAIN,
    checked,
    monitored,
    unchecked,
    unmonitored,
    untaught,
)
from foretell.project.intervals import day_of, days
from foretell.project.place import Place
from foretell.project.progress import Silent
from pipeline.loop.daily_shop import comes, daily_shop
from shop import Rows


@pytest.fixture
def place(shop_run: PublishedRun, shop: Rows, tmp_path: Path) -> Place:
    return daily_shop(shop_run, shop, tmp_path)


def loop(place: Place, after: float = 0.5) -> Loop:
    return Loop.of(place, Silent(), published(place).record.as_of + days(after))


def test_a_run_is_looked_at_once_a_day(place: Place) -> None:
    assert published(place).record.run in unmonitored(loop(place))
    assert "watched, nothing broken" in monitored(loop(place))
    assert unmonitored(loop(place)) == unmonitored(loop(place, 0.9)) == ""
    assert unmonitored(loop(place, 1.5))


def test_models_are_held_against_others_when_the_log_has_changed(place: Place) -> None:
    assert unchecked(loop(place))
    assert checked(loop(place))
    assert unchecked(loop(place)) == ""
    read(loop(place))
    assert unchecked(loop(place)) == ""
    comes(place)
    read(loop(place))
    assert unchecked(loop(place))


@pytest.mark.parametrize(("declared", "is_due"), [("1d", True), ("28d", False), ("never", False)])
def test_models_are_taught_anew_when_they_are_as_old_as_was_declared(
    shop_run: PublishedRun, shop: Rows, tmp_path: Path, declared: str, is_due: bool
) -> None:
    place = daily_shop(shop_run, shop, tmp_path, f'[loop]\nretrain = "{declared}"\n')
    assert untaught(loop(place)) == ""
    record = published(place).record
    catalogue = loop(place).catalogue
    earlier = {**record.asked, "trained_as_of": day_of(record.as_of - days(1), "UTC")}
    catalogue.publish(record.as_of, earlier, record.artefacts)
    assert bool(untaught(loop(place))) == is_due
    loop(place).answer(RETRAIN, str(record.as_of))
    assert untaught(loop(place)) == ""
