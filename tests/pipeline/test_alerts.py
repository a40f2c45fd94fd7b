"""What alerts read of a run: its scores, and those of the newest run of an earlier day that are still whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from changed_runs import damage
from foretell.answers.published import PublishedRun, published
from foretell.pipeline.alerts import run_of_alerts, watch
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.place import Place
from foretell.scores.customers import SCORES
from foretell.storage.artefacts import Artefacts
from foretell.storage.catalogue import Catalogue, RunRecord
from kept import copied

DAYS_BEFORE = (3, 2, 2, 0)


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    """A place with runs of earlier days before the newest, each with scores of its own."""
    place = copied(shop_run, tmp_path / "out").place
    for number, days in enumerate(DAYS_BEFORE):
        scores = shop_run.main.scores
        told = scores.set_column(0, "customer_id", pa.array([f"{number}"] * len(scores)))
        publish(place, shop_run.record, days, told)
    return place


def publish(place: Place, record: RunRecord, days_before: int, scores: Any) -> None:
    name = str(scores["customer_id"][0].as_py())
    kept, _ = Artefacts(place.state).kept_or_made(SCORES, {"name": name}, lambda: scores)
    as_of = record.as_of - days_before * MICROSECONDS_PER_DAY
    Catalogue(place.state).publish(as_of, record.asked, {**record.artefacts, (30, SCORES.name): kept})


def before(place: Place) -> str | None:
    """Which scores alerts compare with."""
    found = run_of_alerts(published(place), ()).scores_before
    return None if found is None else str(found["customer_id"][0].as_py())


def test_the_newest_run_of_an_earlier_day_is_compared_with(place: Place) -> None:
    assert before(place) == "2"


def test_scores_that_are_damaged_are_as_if_they_had_never_been(place: Place) -> None:
    newest, *earlier = Catalogue(place.state).runs()
    for record, then in zip(earlier[:3], ("1", "0", None), strict=True):
        damage(place, record.artefacts[30, SCORES.name])
        assert before(place) == then
    assert run_of_alerts(published(place), ()).as_of == newest.as_of


def test_scores_over_another_horizon_are_not_compared_with(shop_run: PublishedRun, place: Place) -> None:
    (place.state / "catalogue.sqlite").unlink()
    record = shop_run.record
    other = {(60, name): kept for (_, name), kept in record.artefacts.items()}
    earlier = record.as_of - MICROSECONDS_PER_DAY
    Catalogue(place.state).publish(earlier, {**record.asked, "horizons": [60]}, other)
    Catalogue(place.state).publish(record.as_of, record.asked, record.artefacts)
    assert before(place) is None


def test_it_reads_the_run_as_it_was_published(shop_run: PublishedRun) -> None:
    found, main = run_of_alerts(shop_run, ()), shop_run.main
    assert found.scores is main.scores
    assert (found.as_of, found.horizon_days) == (main.plan.as_of, 30)
    assert found.serving == {name: choice.model for name, choice in main.proof.choices.items()}
    assert {forecast.model for forecast in found.forecasts} <= {one.model for one in main.proof.choices.values()}
    assert (found.chances, found.weekly, found.more_columns) == (None, {}, {})


def test_without_declared_rules_nothing_is_raised(shop_run: PublishedRun) -> None:
    watched = watch(shop_run)
    assert (watched.alerts, watched.rules) == ((), ())
