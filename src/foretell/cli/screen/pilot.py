"""What `foretell pilot` prints: where pilots stand, what was decided, and what was drawn."""

from __future__ import annotations

from typing import Any

from foretell.cli.screen.act import done_lines, prepared_lines
from foretell.outcomes.in_words import headline
from foretell.pipeline.actions.pilot import Standing, Stepped


def standing_lines(standing: Standing) -> list[str]:
    """Where a pilot stands, by which rule, and what its last step says."""
    pilot = standing.pilot
    lines = [f"{pilot.name}: {standing.says}", f"  Rule: {pilot.rule.words} (approved by {pilot.approved_by})"]
    if standing.result is not None:
        lines.append(f"  {standing.result.campaign.name}: {headline(standing.result)}")
    return lines


def stepped_lines(step: Stepped) -> list[str]:
    """What was decided and drawn now, or would be."""
    standing, pilot = step.standing, step.standing.pilot
    lines = [f"{pilot.name}: rule, fixed before the start: {pilot.rule.words}"]
    if step.judged is not None:
        lines.append(f"  Judged: {step.judged.decision}; {step.judged.evidence['why']}")
    if step.done is None and step.would is None:
        return [*lines, f"  {standing.says}"]
    lines.append(f"  Size: {step.sized}")
    if step.would is not None:
        again = f'foretell pilot "{pilot.playbook}" --segment "{pilot.segment}" --approve "YOUR NAME"'
        return [*lines, *prepared_lines(step.would)[:-1], f"To do it: {again}"]
    return lines if step.done is None else [*lines, *done_lines(step.done)]


def standing_as_json(standing: Standing) -> dict[str, Any]:
    """Plain values of where a pilot stands."""
    pilot, result, decision = standing.pilot, standing.result, standing.decision
    return {
        "pilot": pilot.name,
        "playbook": pilot.playbook,
        "segment": pilot.segment,
        "rule": pilot.rule.words,
        "approved_by": pilot.approved_by,
        "step": standing.step,
        "campaign": None if result is None else result.campaign.name,
        "ripe_on": None if result is None else result.ripe_on,
        "is_ripe": None if result is None else result.is_ripe,
        "decision": None if decision is None else decision.decision,
        "says": standing.says,
    }


def stepped_as_json(step: Stepped) -> dict[str, Any]:
    """Plain values of what was decided and drawn."""
    drawn = step.done.acted.drawn if step.done else step.would.drawn if step.would else None
    return standing_as_json(step.standing) | {
        "judged": None if step.judged is None else {"decision": step.judged.decision, **step.judged.evidence},
        "done": step.done is not None,
        "size": step.sized,
        "treated": None if drawn is None else drawn.treated,
        "control": None if drawn is None else drawn.control,
        "files": {name: str(path) for name, path in step.done.acted.files.items()} if step.done else {},
    }
