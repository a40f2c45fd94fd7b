"""What a run would do: each step, whether it will run, and why. Nothing is read into the log, nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foretell.customer_log.ingest import changed_files
from foretell.pipeline.declared_names import refuse_unknown_names
from foretell.pipeline.facts import Given, RunFact, RunFacts
from foretell.pipeline.intake.columns import Ask, settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.run import cuts_of_project, facts_over, planned
from foretell.pipeline.step import Step
from foretell.pipeline.steps import STEPS
from foretell.project.one_thread import on_one_thread
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.scores.customers import SCORES
from foretell.storage.artefacts import Artefacts, Kept
from foretell.storage.catalogue import Catalogue
from foretell.storage.work import Work
from foretell.words.wording import joined


@dataclass(frozen=True)
class PlannedStep:
    """A step over one horizon (0: not known yet), whether it will run, and why; empty where it is kept."""

    step: str
    horizon_days: int
    runs: bool
    why: str


@on_one_thread
def plan_of_run(request: Request, progress: Progress, ask: Ask | None = None) -> list[PlannedStep]:
    """Every step of the run that this request would make."""
    refuse_unknown_names(request)
    files = source_of(request)
    columns, settled = settled_columns(files, request, ask)
    changed = changed_files(files, columns, settled)
    if changed:
        known = (settled.place.state / "manifest.sqlite").exists()
        why = f"files changed: {joined(changed[:3])}" if known else "never made"
        return [PlannedStep(step.name, 0, True, why) for step in STEPS]
    log = brought_up_to_date(settled, files, columns, progress)
    catalogue, artefacts = Catalogue(request.place.state), Artefacts(request.place.state)
    cuts, found, shorter = cuts_of_project(catalogue, artefacts, progress), list[PlannedStep](), None
    for plan in sorted(planned(log, progress), key=lambda one: one.horizon_days):
        facts = facts_over(log, plan, cuts, shorter)
        steps, kept = planned_steps(STEPS, facts, artefacts, _before(catalogue, plan.horizon_days))
        found += steps
        shorter = kept.get(SCORES.name)
    return found


def planned_steps(
    steps: Sequence[Step[Any]], facts: RunFacts, artefacts: Artefacts, before: Mapping[str, Kept]
) -> tuple[list[PlannedStep], dict[str, Kept]]:
    """Whether each step will run, and where the kept ones stand; `before` is what an earlier run was made of."""
    kept: dict[str, Kept] = {}
    found = []
    for step in steps:
        if step.name in facts.settled:
            kept[step.name] = facts.settled[step.name]
            found.append(PlannedStep(step.name, facts.plan.horizon_days, False, ""))
            continue
        follows = [need.name for need in step.needs if not isinstance(need, RunFact) and need.name not in kept]
        if follows:
            why = f"after {joined(follows)}, unless what comes out is the same"
        else:
            went_in = Given(step.needs, facts, artefacts, Work(), kept).ingredients()
            there = artefacts.find(step.artefact, went_in)
            if there is not None:
                kept[step.name] = there
            why = "" if there is not None else _why(step, went_in, before.get(step.name))
        found.append(PlannedStep(step.name, facts.plan.horizon_days, bool(why), why))
    return found, kept


def _why(step: Step[Any], went_in: Mapping[str, str], before: Kept | None) -> str:
    if before is None:
        return "never made"
    names = {*went_in, *before.ingredients}
    changed = sorted(name for name in names if went_in.get(name) != before.ingredients.get(name))
    if changed:
        return f"{joined([name.replace('_', ' ') for name in changed])} changed"
    return f"another version of it (now {step.artefact.version}), or what was kept is damaged or gone"


def _before(catalogue: Catalogue, horizon_days: int) -> dict[str, Kept]:
    """What the newest run over this horizon is made of; that of the newest run over another one without it."""
    runs = catalogue.runs()
    own = next((run for run in runs if horizon_days in run.horizons), next(iter(runs), None))
    if own is None:
        return {}
    days = horizon_days if horizon_days in own.horizons else own.horizons[0]
    return {name: kept for (one, name), kept in own.artefacts.items() if one == days}
