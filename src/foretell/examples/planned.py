"""The examples of a run: those that prove, those that teach, and everybody as of today."""

from __future__ import annotations

from foretell.examples.assembly import Assembly, completed
from foretell.examples.examples import Examples, stacked
from foretell.examples.plan import Plan
from foretell.features import FEATURES
from foretell.pipeline.checkpoints import Checkpoints, read_examples, write_examples
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.timelines.engine import Engine


def examples_of(
    engine: Engine, plan: Plan, which: str, checkpoints: Checkpoints, known: str, progress: Progress
) -> Examples | None:
    """The examples for `proving` or for `serving`, computed once where both need the same; None where the log is too
    short."""
    grid = plan.proving if which == "proving" else plan.serving
    if grid is None:
        return None
    largest_key = plan.proving_key if which == "proving" else plan.serving_key
    same = plan.proving is not None and plan.serving is not None and plan.proving.lattice == plan.serving.lattice
    shared = same and plan.proving_key == plan.serving_key
    cutoffs = plan.proving.cutoffs if shared and plan.proving else grid.training if which == "serving" else grid.cutoffs

    def make() -> Examples:
        progress.step("Computing features and labels", len(engine.buckets))
        assembly = Assembly(tuple(sorted(cutoffs)), grid.horizon_days, tuple(FEATURES), plan.survey)
        return completed(stacked(list(engine.over(assembly, plan.as_of, largest_key, progress))))

    key = [known, grid.horizon_days, list(cutoffs), largest_key, list(FEATURES)]
    return checkpoints.step("examples", key, make, write_examples, read_examples)


def today_of(engine: Engine, plan: Plan) -> Examples:
    """Features and facts at the as-of date: they tell the level, and carry models beyond the horizon they learned."""
    assembly = Assembly((plan.as_of,), plan.horizon_days, tuple(FEATURES), plan.survey, labelled=False)
    return completed(stacked(list(engine.over(assembly, plan.as_of, plan.serving_key))))


def processes_for(examples: Examples | None, request: Request) -> int:
    """How many processes are worth their start."""
    return request.workers if examples is not None and len(examples) > 5_000 else 1
