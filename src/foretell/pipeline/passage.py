"""One pass through the steps over one horizon: what is kept is taken, what is not is made and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from foretell.pipeline.facts import Given, RunFact, RunFacts
from foretell.pipeline.step import Step
from foretell.project.errors import InputError
from foretell.storage.artefacts import Artefacts, Damaged, Kept
from foretell.storage.work import Work


def passed(
    steps: Sequence[Step[Any]],
    facts: RunFacts,
    artefacts: Artefacts,
    work: Work,
    given: Mapping[str, Kept] | None = None,
) -> dict[str, Kept]:
    """Where the result of each step stands, by name; `given` are results that are there already, which no step here
    makes. A value is held only as long as a step to come needs it."""
    kept: dict[str, Kept] = dict(given or {})
    values: dict[str, Any] = {}
    for place, step in enumerate(steps):
        if step.name in facts.settled:
            kept[step.name] = facts.settled[step.name]
            continue
        of = Given(step.needs, facts, artefacts, work, kept, values)
        went_in = of.ingredients()
        try:
            kept[step.name], made = artefacts.kept_or_made(
                step.artefact,
                went_in,
                lambda step=step, of=of, went_in=went_in: _made(step, of, went_in),  # type: ignore[misc]
            )
        except Damaged as why:
            raise InputError(
                f"What the step {step.name} needs is damaged.",
                file=str(artefacts.root),
                found=str(why),
                hint="run again",
            ) from None
        values[step.name] = made
        needed = {need.name for later in steps[place + 1 :] for need in later.needs if not isinstance(need, RunFact)}
        for name in [name for name, value in values.items() if value is None or name not in needed]:
            del values[name]
    return kept


def _made(step: Step[Any], of: Given, went_in: Mapping[str, str]) -> Any:
    if step.title:
        of.work.progress.step(step.title)
    return step.make(of.with_parts(went_in))
