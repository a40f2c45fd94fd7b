"""The examples that a plan asks for: those that prove, those that teach, and everybody as of today."""

from __future__ import annotations

from dataclasses import dataclass

from foretell.examples.assembly import Assembly, completed
from foretell.examples.examples import Examples, stacked
from foretell.examples.grid import CutoffGrid
from foretell.examples.plan import Plan
from foretell.features import features_of
from foretell.project.progress import Progress
from foretell.storage.artefacts import Artefact
from foretell.timelines.engine import Engine


@dataclass(frozen=True)
class PlannedExamples:
    """`proving` tests models at past cutoffs, `apart` teaches what serves where that needs other rows; None where the
    log is too short. `is_shared` says that one set of rows does both. `several` teach over several horizons, where the
    plan asks for that."""

    proving: Examples | None
    apart: Examples | None
    is_shared: bool
    several: tuple[Examples, ...] = ()

    @property
    def serving(self) -> Examples | None:
        """The rows that teach the models that serve."""
        return self.proving if self.is_shared else self.apart


EXAMPLES: Artefact[PlannedExamples] = Artefact("examples", PlannedExamples, version=3)


def planned_examples(engine: Engine, plan: Plan, progress: Progress) -> PlannedExamples:
    """Features and labels at the cutoffs of the plan, computed once where proving and serving need the same."""
    proving, serving = plan.proving, plan.serving
    same = proving is not None and serving is not None and proving.lattice == serving.lattice
    shared = same and plan.proving_key == plan.serving_key
    tested = _rows(engine, plan, proving, proving.cutoffs if proving else (), plan.proving_key, progress)
    found = (_rows(engine, plan, grid, grid.lattice, plan.serving_key, progress) for grid in plan.several)
    several = tuple(rows for rows in found if rows is not None)
    if shared:
        return PlannedExamples(tested, None, True, several)
    taught = _rows(engine, plan, serving, serving.training if serving else (), plan.serving_key, progress)
    return PlannedExamples(tested, taught, False, several)


def todays_examples(engine: Engine, plan: Plan) -> Examples:
    """Features and facts at the as-of date: they tell the level, and carry models beyond the horizon they learned."""
    assembly = Assembly((plan.as_of,), plan.horizon_days, features_of(engine.tables), plan.survey, labelled=False)
    return completed(stacked(list(engine.over(assembly, plan.as_of, plan.serving_key))))


def _rows(
    engine: Engine,
    plan: Plan,
    grid: CutoffGrid | None,
    cutoffs: tuple[int, ...],
    largest_key: int,
    progress: Progress,
) -> Examples | None:
    if grid is None:
        return None
    progress.step("Computing features and labels", len(engine.buckets))
    assembly = Assembly(tuple(sorted(cutoffs)), grid.horizon_days, features_of(engine.tables), plan.survey)
    return completed(stacked(list(engine.over(assembly, plan.as_of, largest_key, progress))))
