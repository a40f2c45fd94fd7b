"""Versions: numbered, kept while they are listed, served again to the byte, and gone with whoever is forgotten."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun, published
from foretell.outcomes.retraining.model_version import MODEL_VERSION
from foretell.pipeline.loop.versions import (
    DECIDE_SCORES,
    KEPT_PROOF,
    LISTED,
    PARTS,
    VERSIONS_KEEP,
    ServingNow,
    drop_unlisted,
    is_new,
    listed,
    models_dropped,
    models_in,
    next_number,
    predecessor_of,
    serving,
    version_of,
)
from foretell.pipeline.score import serve
from foretell.project.errors import InputError
from foretell.project.intervals import days
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.storage.artefacts import Kept
from foretell.storage.catalogue import Catalogue
from pipeline.loop.champion.planted import planted
from shops.private_shop import copied_run

DAY = "2024-08-27"


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    return copied_run(shop_run.request.place.out, tmp_path)


def test_a_run_leaves_the_first_version_which_serves(shop_run: PublishedRun) -> None:
    (one,) = listed(shop_run.catalogue)
    assert (one.number, one.serves, one.can_serve, one.last_served, one.rolled_back) == (1, True, True, DAY, "")
    assert serving(shop_run.catalogue) == one
    assert {name for _, name in one.parts} == set(VERSIONS_KEEP)
    assert set(DECIDE_SCORES) < set(PARTS)
    assert one.version.models == models_in(shop_run.record.artefacts)
    assert not is_new(shop_run.catalogue, shop_run.record.artefacts)
    assert one.as_json()["taught"]["day"] == DAY


def test_the_kept_proof_is_that_of_who_serves_and_of_the_best_baselines(shop_run: PublishedRun) -> None:
    (one,) = listed(shop_run.catalogue)
    kept = shop_run.catalogue.artefacts.read(KEPT_PROOF, one.over(30)[KEPT_PROOF.name])
    whole = shop_run.main.proof
    named = {name for choice in whole.choices.values() for name in (choice.model, choice.best_baseline)}
    assert {forecast.model for forecast in kept.forecasts} <= named
    assert len(kept.forecasts) < len(whole.forecasts)
    assert kept.choices == whole.choices


def test_an_earlier_version_serves_again_to_the_byte(place: Place) -> None:
    before = (place.out / "scores.parquet").read_bytes()
    planted(place, shift=1.0)
    serve(place, 2, Silent())
    assert (place.out / "scores.parquet").read_bytes() != before
    done = serve(place, 1, Silent())
    assert (place.out / "scores.parquet").read_bytes() == before
    now = serving(done.run.catalogue)
    assert now is not None
    assert now.number == 1
    with pytest.raises(InputError, match="no such model version") as caught:
        serve(place, 7, Silent())
    assert caught.value.expected == "one of 2, 1"


def test_who_is_not_listed_any_more_is_dropped_and_numbers_are_not_given_again(place: Place) -> None:
    catalogue, record = Catalogue(place.state), published(place).record
    (first,) = listed(catalogue)
    for number in range(2, LISTED + 3):
        version = replace(first.version, number=number)
        kept, _ = catalogue.artefacts.kept_or_made(MODEL_VERSION, {"n": str(number)}, lambda version=version: version)  # type: ignore[misc]
        made = {**first.parts, (30, MODEL_VERSION.name): kept}
        catalogue.publish(record.as_of, {**record.asked, "n": number}, made, VERSIONS_KEEP)
    served = {"1": "2024-01-01", "2": "2024-08-01", str(LISTED + 2): DAY}
    settings(catalogue, ServingNow(version=LISTED + 2, line=1, served=served))
    drop_unlisted(catalogue)
    left = [one.number for one in listed(catalogue)]
    assert left == [*range(LISTED + 2, 2, -1), 2], "the first served long ago, the second within 90 days"
    assert next_number(catalogue) == LISTED + 3
    assert {one.run for one in catalogue.kept_for_good(KEPT_PROOF.name)} == {one.run for one in listed(catalogue)}


def test_without_models_a_version_is_told_of_and_cannot_serve(place: Place) -> None:
    catalogue = Catalogue(place.state)
    assert models_dropped(catalogue) == len(VERSIONS_KEEP) - 1
    (one,) = listed(catalogue)
    assert (one.can_serve, one.serves, serving(catalogue)) == (False, True, None)
    with pytest.raises(InputError, match="not there any more"):
        version_of(catalogue, 1)
    assert predecessor_of(catalogue, one.version.as_of + days(99), 30) is None


def test_a_version_is_held_against_the_newest_whose_horizon_has_passed(place: Place) -> None:
    planted(place, 0.5, 40)
    planted(place, 1.0, 90)
    catalogue = Catalogue(place.state)
    as_of = published(place).record.as_of
    found = [predecessor_of(catalogue, moment, 30) for moment in (as_of, as_of - days(45), as_of - days(100))]
    assert [one.number if one else None for one in found] == [2, 3, None]
    settings(catalogue, replace(ServingNow.of(catalogue), rolled_back={"2": DAY}))
    again = predecessor_of(catalogue, as_of, 30)
    assert again is not None
    assert again.number == 3
    assert predecessor_of(catalogue, as_of, 60) is None


def test_the_same_recipe_goes_on_in_its_line_and_others_begin_one() -> None:
    now = ServingNow().taken_over(1, same_line=True).scored("2024-01-05").scored("2024-01-03")
    assert (now.version, now.line, now.served) == (1, 1, {"1": "2024-01-05"})
    assert now.taken_over(2, same_line=True).line == 1
    assert now.taken_over(2, same_line=False).line == 2
    assert now.taken_over(1, same_line=False) == now


def test_a_result_under_another_key_is_a_new_version(shop_run: PublishedRun) -> None:
    assert is_new(shop_run.catalogue, {(30, MODEL_VERSION.name): Kept(MODEL_VERSION.name, "other", "f", {})})


def settings(catalogue: Catalogue, now: ServingNow) -> None:
    for name, value in now.settings().items():
        catalogue.set(name, value)
