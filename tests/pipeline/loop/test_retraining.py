"""Retraining on the shop: a planted decay is rolled back, a better challenger promoted, and nothing is done twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from foretell.answers.published import PublishedRun, published
from foretell.pipeline.loop.retraining import Retrained, retrain, rollback_due
from foretell.pipeline.loop.versions import ServingNow, listed, serving
from foretell.pipeline.score import score
from foretell.project.errors import InputError
from foretell.project.intervals import day_of, days
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.storage.catalogue import Catalogue
from pipeline.loop.champion.planted import planted, summer
from shops.private_shop import copied_run


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    return copied_run(shop_run.request.place.out, tmp_path)


def test_a_planted_decay_is_rolled_back_and_its_predecessor_scores(
    place: Place, shop_run: PublishedRun, tmp_path: Path
) -> None:
    assert rollback_due(place, Silent()).said == "No shadow score of version 1 is ripe yet."
    bad = planted(place, 4.0, 0, summer(shop_run, ["new"], tmp_path / "summer.csv"))
    assert (bad.number, bad.version.predecessor) == (2, 1)
    waits = rollback_due(place, Silent())
    assert (waits.decision, waits.version) == ("kept", 2), "one window shows nothing"
    score(place, day_of(shop_run.record.as_of + days(8), "UTC"), Silent())
    done = rollback_due(place, Silent())
    assert (done.decision, done.version) == ("rolled back", 1)
    assert "Over 8 days version 2 is shown to be worse than its predecessor" in done.said
    assert "Rolled back to version 1." in done.said
    catalogue = Catalogue(place.state)
    now = serving(catalogue)
    assert now is not None
    assert now.number == 1
    assert next(one for one in listed(catalogue) if one.number == 2).rolled_back
    scores = pq.read_table(place.out / "scores.parquet")
    assert set(scores["model_id"].to_pylist()) == {shop_run.main.models.model_id}
    assert rollback_due(place, Silent()).decision == "not due", "the sequence of version 1 begins anew"


def test_a_challenger_that_is_better_on_unseen_outcomes_is_promoted(place: Place, shop_run: PublishedRun) -> None:
    champion = planted(place, shift=4.0, older_days=120)
    done = retrain(place, Silent())
    assert (done.decision, done.version) == ("promoted", 1)
    assert "The same recipe on newer data is significantly better (log loss" in done.said
    assert "Who orders? log loss" in done.said
    assert done.said.endswith("Version 1 serves from now on.")
    found = published(place)
    assert found.main.models.model_id == shop_run.main.models.model_id
    assert ServingNow.of(found.catalogue).line == ServingNow.of(Catalogue(place.state)).line
    assert champion.number == 2
    assert retrain(place, Silent()).decision == "not due"


def test_without_a_new_day_nothing_is_trained_and_what_was_rolled_back_stays_away(place: Place) -> None:
    none = retrain(place, Silent())
    assert none == Retrained("not due", "No day has come since version 1 was trained, on data up to 2024-08-27.", 1)
    assert none.as_json()["decision"] == "not due"
    planted(place, shift=0.1, older_days=120)
    catalogue = Catalogue(place.state)
    now = replace(ServingNow.of(catalogue), rolled_back={"1": "2024-08-27"})
    for name, value in now.settings().items():
        catalogue.set(name, value)
    kept = retrain(place, Silent())
    assert (kept.decision, kept.version) == ("kept", 2)
    assert "the models of version 1 again, which was rolled back" in kept.said


def test_without_a_run_there_is_nothing_to_retrain(tmp_path: Path) -> None:
    nowhere = Place.of_results(tmp_path / "nowhere")
    with pytest.raises(InputError, match="no finished run"):
        retrain(nowhere, Silent())
    assert rollback_due(nowhere, Silent()) == Retrained("not due", "No model version serves yet.", 0)
