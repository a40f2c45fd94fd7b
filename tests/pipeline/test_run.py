"""A run is published last, and the cut points of a project outlive it unless they are of a later day."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from changed_runs import damage
from foretell.answers.published import PublishedRun, published
from foretell.examples.plan import LastDay
from foretell.pipeline.intake.log import Log, kept_engine
from foretell.pipeline.run import REFIT, cuts_of_project, facts_over, keep_cuts, publish, refit
from foretell.project.errors import InputError
from foretell.project.intervals import days
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.segments.movement.cut_points import CUTS, PLACE_OF_CUTS
from foretell.storage.artefacts import FOLDER, Artefacts
from foretell.storage.catalogue import Catalogue
from kept import copied


class Told(Silent):
    """Keeps what is noted."""

    def __init__(self) -> None:
        self.notes = list[str]()

    def note(self, message: str) -> None:
        self.notes.append(message)


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    return copied(shop_run, tmp_path / "out").place


def test_a_published_run_is_the_newest_and_what_no_run_names_is_gone(place: Place, shop_run: PublishedRun) -> None:
    request, catalogue = replace(shop_run.request, place=place), Catalogue(place.state)
    (place.state / FOLDER / "scores-of-nobody").mkdir()
    found = publish(catalogue, request, [shop_run.main.plan], shop_run.record.artefacts, "2024-08-01")
    assert published(place).record.run == found.record.run
    assert found.record.asked["trained_as_of"] == "2024-08-01"
    assert found.record.horizons == (30,)
    folders = {kept.folder for kept in shop_run.record.artefacts.values()}
    assert {path.name for path in (place.state / FOLDER).iterdir()} == folders
    again = publish(catalogue, request, [shop_run.main.plan], shop_run.record.artefacts)
    assert again.record.asked["trained_as_of"] == shop_run.main.plan.as_of_day()


def test_the_cut_points_of_a_run_are_kept_for_the_next(place: Place, shop_run: PublishedRun) -> None:
    found = cuts_of_project(Catalogue(place.state), Artefacts(place.state), Silent())
    assert found is not None
    assert found.kept.folder == shop_run.record.artefacts[30, CUTS.name].folder
    assert found.cuts == shop_run.main.read(CUTS)


def test_cut_points_of_a_later_day_are_not_replaced_by_earlier_ones(place: Place, shop_run: PublishedRun) -> None:
    catalogue, own = Catalogue(place.state), shop_run.main.read(CUTS)

    def kept_of(fitted_at: int) -> bool:
        """Whether cut points that were fitted at another moment take the place of those that are kept."""
        before, moved = catalogue.setting(PLACE_OF_CUTS), replace(own, fitted_at=fitted_at)
        made, _ = Artefacts(place.state).kept_or_made(CUTS, {"fitted": str(fitted_at)}, lambda: moved)
        keep_cuts(catalogue, made)
        return catalogue.setting(PLACE_OF_CUTS) != before

    assert not kept_of(own.fitted_at - days(400))
    assert kept_of(own.fitted_at + days(40))
    assert not kept_of(own.fitted_at + days(39))


def test_damaged_cut_points_are_told_and_cut_anew(place: Place, shop_run: PublishedRun) -> None:
    damage(place, shop_run.record.artefacts[30, CUTS.name])
    told = Told()
    assert cuts_of_project(Catalogue(place.state), Artefacts(place.state), told) is None
    assert len(told.notes) == 1
    assert told.notes[0].startswith("The kept cut points of segments are damaged (")


def test_steps_without_a_catalogue_are_told(place: Place, tmp_path: Path) -> None:
    told = Told()
    (place.state / "catalogue.sqlite").unlink()
    assert cuts_of_project(Catalogue(place.state), Artefacts(place.state), told) is None
    assert told.notes == ["Finished steps are here, but no catalogue of runs: segments are cut anew."]
    fresh = tmp_path / "fresh"
    assert cuts_of_project(Catalogue(fresh), Artefacts(fresh), told) is None
    assert len(told.notes) == 1


def test_cut_points_that_suit_are_taken_as_they_are(place: Place, shop_run: PublishedRun) -> None:
    main = shop_run.main
    log = Log(shop_run.request, main.intake, kept_engine(shop_run.request), LastDay(0, 86_399, 86_399))
    cuts = cuts_of_project(Catalogue(place.state), Artefacts(place.state), Silent())
    assert cuts is not None
    assert facts_over(log, main.plan, cuts, None).settled == {CUTS.name: cuts.kept}
    earlier = replace(main.plan, as_of=cuts.cuts.fitted_at - days(1))
    assert facts_over(log, earlier, cuts, None).settled == {}
    assert facts_over(log, main.plan, None, None).settled == {}
    assert json.loads(Catalogue(place.state).setting(PLACE_OF_CUTS) or "")["name"] == CUTS.name


def test_the_next_run_is_asked_once(shop_run: PublishedRun, tmp_path: Path) -> None:
    place = copied(shop_run, tmp_path / "out").place
    catalogue, artefacts = Catalogue(place.state), Artefacts(place.state)
    before = cuts_of_project(catalogue, artefacts, Silent())
    assert "cuts all segments anew" in refit(place)
    asked = cuts_of_project(catalogue, artefacts, Silent())
    assert before is not None
    assert asked is not None
    assert asked.cuts != before.cuts
    keep_cuts(catalogue, shop_run.record.artefacts[30, CUTS.name])
    assert catalogue.setting(REFIT) is None
    assert cuts_of_project(catalogue, artefacts, Silent()) == before


def test_without_a_run_there_is_nothing_to_cut(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished run"):
        refit(Place.of_results(tmp_path / "nowhere"))
    assert not (tmp_path / "nowhere").exists()
