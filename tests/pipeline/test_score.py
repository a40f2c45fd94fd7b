"""Scoring again teaches nothing: the same day gives the same scores, and no day before that of the models is told."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from foretell.answers.published import PublishedRun, published
from foretell.pipeline.first_look import FIRST_LOOK
from foretell.pipeline.score import score
from foretell.pipeline.steps import STEPS
from foretell.project.errors import InputError
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.storage.catalogue import Catalogue
from kept import copied


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    place = copied(shop_run, tmp_path / "out").place
    Catalogue(place.state).exported(shop_run.record.run)
    return place


def test_the_same_day_gives_the_same_scores_by_the_same_models(place: Place, shop_run: PublishedRun) -> None:
    done = score(place, shop_run.main.plan.as_of_day(), Silent())
    assert done.alerts == ()
    assert pq.read_table(done.files["scores.parquet"]).equals(
        pq.read_table(shop_run.request.place.out / "scores.parquet")
    )
    assert published(place).record.asked["trained_as_of"] == shop_run.main.plan.as_of_day()
    taught = {step.name for step in STEPS if not step.daily} - {FIRST_LOOK.name}
    for (days, name), kept in shop_run.record.artefacts.items():
        if name in taught:
            assert done.run.record.artefacts[days, name] == kept


def test_a_day_that_the_models_know_already_is_refused(place: Place, shop_run: PublishedRun) -> None:
    day = shop_run.main.plan.as_of_day()
    with pytest.raises(InputError, match="know what happened after that day") as caught:
        score(place, "2024-08-01", Silent())
    assert caught.value.found == f"as of 2024-08-01, models taught as of {day}"
    assert caught.value.expected == f"a day from {day} on"
    assert published(place).record.run == shop_run.record.run


def test_a_day_before_every_order_is_refused(place: Place) -> None:
    with pytest.raises(InputError, match="order"):
        score(place, "2001-01-01", Silent())


def test_without_a_run_there_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished run"):
        score(Place.of_results(tmp_path / "nowhere"), None, Silent())
