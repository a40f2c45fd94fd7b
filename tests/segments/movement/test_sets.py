"""Which cut points a run uses: kept ones where they were known by its date, its own where not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from foretell.answers.published import RunOverHorizon
from foretell.examples.plan import LastDay, Plan
from foretell.pipeline.intake.log import Log, kept_engine
from foretell.pipeline.passage import passed
from foretell.pipeline.run import REFIT, cuts_of_project, facts_over, keep_cuts
from foretell.pipeline.steps import STEPS
from foretell.project.intervals import from_microseconds, midnight
from foretell.project.progress import Silent
from foretell.segments.movement.cut_points import CUTS, PLACE_OF_CUTS, KeptCuts, segment_sets, window_days
from foretell.segments.movement.sets import sets_of
from foretell.segments.movement.standings import standings_at
from foretell.segments.standing import Moment
from foretell.storage.artefacts import Artefacts
from foretell.storage.catalogue import Catalogue
from foretell.storage.work import Work
from foretell.timelines.bucket import EVERY_KEY
from foretell.timelines.engine import Engine

STEP = next(step for step in STEPS if step.artefact is CUTS)


def days_back(plan: Plan, count: int) -> Plan:
    """The plan, looked at so many days earlier."""
    day = from_microseconds(plan.as_of, plan.timezone).date() - timedelta(days=count)
    return replace(plan, as_of=midnight(day, plan.timezone))


class Noted(Silent):
    """A listener that keeps what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, message: str) -> None:
        self.notes.append(message)


@dataclass(frozen=True)
class Project:
    """A project over the orders of the shop, of whose runs only cut points are made."""

    main: RunOverHorizon
    engine: Engine
    catalogue: Catalogue
    progress: Noted

    def run(self, plan: Plan) -> KeptCuts:
        """The cut points of a run, which are kept for those to come as a run keeps them."""
        request, artefacts = self.main.request, Artefacts(self.catalogue.state)
        kept = cuts_of_project(self.catalogue, artefacts, self.progress)
        log = Log(request, self.main.intake, self.engine, LastDay.of(self.engine))
        made = passed([STEP], facts_over(log, plan, kept, None), artefacts, Work())[CUTS.name]
        keep_cuts(self.catalogue, made)
        cuts = artefacts.read(CUTS, made)
        assert {group.name for group in sets_of(request.asked, cuts).sets} == set(cuts.cuts)
        return cuts

    def fresh(self, plan: Plan) -> dict[str, object]:
        """The cut points that everybody of that day gives."""
        now, window = Moment.now(plan.as_of), window_days(plan.history_days(plan.as_of))
        today = standings_at(self.engine, [now], window, plan, (), EVERY_KEY)[now]
        return {group.name: group.fit(today) for group in segment_sets(self.main.request.asked)}

    def kept(self) -> KeptCuts | None:
        """What the project keeps."""
        found = cuts_of_project(self.catalogue, Artefacts(self.catalogue.state), self.progress)
        return found.cuts if found else None


@pytest.fixture
def project(shop_main: RunOverHorizon, tmp_path: Path) -> Project:
    """A project that has not run yet."""
    return Project(shop_main, kept_engine(shop_main.request), Catalogue(tmp_path), Noted())


def test_nothing_is_kept_before_the_first_run(project: Project) -> None:
    assert project.kept() is None
    assert not list(project.catalogue.state.iterdir())
    assert not project.progress.notes


def test_a_later_run_keeps_the_cuts_of_the_first(project: Project) -> None:
    today, before = project.main.plan, days_back(project.main.plan, 60)
    first = project.run(before)
    assert first.cuts == project.fresh(before) != project.fresh(today)
    assert project.run(today) == first
    assert project.kept() == first


def test_an_earlier_run_neither_uses_nor_overwrites_them(project: Project) -> None:
    today, before = project.main.plan, days_back(project.main.plan, 60)
    kept = project.run(today)
    setting = project.catalogue.setting(PLACE_OF_CUTS)
    early = project.run(before)
    assert early.cuts == project.fresh(before)
    assert early.fitted_at == before.as_of
    assert project.catalogue.setting(PLACE_OF_CUTS) == setting
    assert project.run(today) == kept


def test_a_run_before_a_set_was_added_does_not_overwrite_the_cuts(project: Project) -> None:
    today, between, before = project.main.plan, days_back(project.main.plan, 30), days_back(project.main.plan, 60)
    first = project.run(before)
    added = replace(first, newest_at=today.as_of)
    made, _ = Artefacts(project.catalogue.state).kept_or_made(CUTS, {"a set": "added"}, lambda: added)
    keep_cuts(project.catalogue, made)
    assert project.run(between).cuts == project.fresh(between)
    assert project.kept() == added


def lost(project: Project, _: Path) -> None:
    (project.catalogue.state / "catalogue.sqlite").unlink()


def broken(_: Project, folder: Path) -> None:
    (folder / "value.json").write_text('{"fitted_at": 1')


def gone(_: Project, folder: Path) -> None:
    (folder / "value.json").unlink()


@pytest.mark.parametrize(
    ("damage", "told"),
    [(lost, "no catalogue of runs"), (broken, "not as it was written"), (gone, "cannot be read")],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_lost_and_damaged_cuts_are_fitted_anew_and_that_is_told(
    project: Project, damage: Callable[[Project, Path], None], told: str
) -> None:
    project.run(days_back(project.main.plan, 60))
    folder, *others = (project.catalogue.state / "artefacts").iterdir()
    assert not others
    damage(project, folder)
    anew = project.run(project.main.plan)
    assert anew.fitted_at == project.main.plan.as_of
    assert anew.cuts == project.fresh(project.main.plan)
    (note,) = project.progress.notes
    assert told in note
    assert "cut anew" in note
    assert project.kept() == anew


def test_a_refit_cuts_anew_once_and_is_recorded(project: Project) -> None:
    first = project.run(days_back(project.main.plan, 60))
    project.catalogue.set(REFIT, "asked")
    anew = project.run(project.main.plan)
    assert anew.cuts == project.fresh(project.main.plan) != first.cuts
    assert anew.fitted_at == project.main.plan.as_of
    assert project.kept() == anew
    told = [event.get("asked", event.get("on")) for event in anew.events]
    assert told == [days_back(project.main.plan, 60).as_of_day(), "refit", project.main.plan.as_of_day()]
    assert project.run(project.main.plan) == anew
