"""The examples that a plan asks for: those that prove, those that teach, and everybody as of today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from foretell.customer_log.tables.contacts import CONTACTS
from foretell.examples.assembly import Assembly, completed
from foretell.examples.examples import Examples, stacked
from foretell.examples.grid import CutoffGrid
from foretell.examples.plan import Plan
from foretell.examples.policy import LEARNED_AS_USUAL, NOBODY_DRAWN, DrawnContacts, TaughtUnder, under_policy
from foretell.features import features_of
from foretell.project.progress import Progress
from foretell.project.request import IF_NOBODY, Policy
from foretell.storage.artefacts import Artefact
from foretell.timelines.engine import Engine


@dataclass(frozen=True)
class PlannedExamples:
    """`proving` tests models at past cutoffs, `apart` teaches what serves where that needs other rows; None where the
    log is too short. `is_shared` says that one set of rows does both. `several` teach over several horizons, where the
    plan asks for that. `under` is the policy under which the rows that serve teach."""

    proving: Examples | None
    apart: Examples | None
    is_shared: bool
    several: tuple[Examples, ...] = ()
    under: TaughtUnder = LEARNED_AS_USUAL

    @property
    def serving(self) -> Examples | None:
        """The rows that teach the models that serve."""
        return self.proving if self.is_shared else self.apart


NO_FEATURES_OF: Mapping[Policy, frozenset[str]] = {"as usual": frozenset(), IF_NOBODY: frozenset({CONTACTS.name})}
"""The tables that no feature reads under a policy: whoever forecasts that nobody is contacted knows of no contact."""
EXAMPLES: Artefact[PlannedExamples] = Artefact("examples", PlannedExamples, version=4)


def planned_examples(
    engine: Engine, plan: Plan, progress: Progress, drawn: DrawnContacts = NOBODY_DRAWN
) -> PlannedExamples:
    """Features and labels at the cutoffs of the plan, computed once where proving and serving need the same. Under
    "if nobody is contacted" only uncontacted customers have rows, and no feature tells what was sent."""
    proving, serving, reading = plan.proving, plan.serving, _Reading(engine, plan, drawn, progress)
    same = proving is not None and serving is not None and proving.lattice == serving.lattice
    shared = same and plan.proving_key == plan.serving_key
    tested, under = reading.rows(proving, proving.cutoffs if proving else (), plan.proving_key)
    found = (reading.rows(grid, grid.lattice, plan.serving_key)[0] for grid in plan.several)
    several = tuple(rows for rows in found if rows is not None)
    if shared:
        return PlannedExamples(tested, None, True, several, under)
    taught, under = reading.rows(serving, serving.training if serving else (), plan.serving_key)
    return PlannedExamples(tested, taught, False, several, under)


def todays_examples(engine: Engine, plan: Plan) -> Examples:
    """Features and facts at the as-of date: they tell the level, and carry models beyond the horizon they learned."""
    assembly = Assembly((plan.as_of,), plan.horizon_days, features_of(engine.tables), plan.survey, labelled=False)
    return completed(stacked(list(engine.over(assembly, plan.as_of, plan.serving_key))))


@dataclass(frozen=True)
class _Reading:
    """Where rows come from, and who may teach."""

    engine: Engine
    plan: Plan
    drawn: DrawnContacts
    progress: Progress

    def rows(
        self, grid: CutoffGrid | None, cutoffs: tuple[int, ...], largest_key: int
    ) -> tuple[Examples | None, TaughtUnder]:
        """The rows that teach at some cutoffs of a grid, and the policy under which they do."""
        if grid is None:
            return None, TaughtUnder(self.drawn.policy)
        engine, plan = self.engine, self.plan
        self.progress.step("Computing features and labels", len(engine.buckets))
        names = features_of(engine.tables - NO_FEATURES_OF[self.drawn.policy])
        assembly = Assembly(tuple(sorted(cutoffs)), grid.horizon_days, names, plan.survey)
        everybody = stacked(list(engine.over(assembly, plan.as_of, largest_key, self.progress)))
        found, under = under_policy(everybody, self.drawn, plan.timezone)
        if under.policy == IF_NOBODY:
            self.progress.note(under.said)
        return completed(found), under
