"""`foretell act --standing` and `--stop` on the screen."""

from __future__ import annotations

import json

from foretell.cli.screen.folded import folded
from foretell.pipeline.loop.standing import Standing, approve_standing, stop_standing
from foretell.project.intervals import from_microseconds
from foretell.project.place import Place


def show_standing(place: Place, playbook: str, approved_by: str | None, as_json: bool) -> None:
    """Approve a playbook as standing, or take that back (None), and say what comes of it."""
    if approved_by is None:
        found, holds = stop_standing(place, playbook), False
    else:
        found, holds = approve_standing(place, playbook, approved_by), True
    print(json.dumps(_as_json(found, holds), ensure_ascii=False) if as_json else folded(standing_lines(found, holds)))


def standing_lines(found: Standing, holds: bool) -> list[str]:
    """What was recorded."""
    if not holds:
        return [f"{found.playbook}: the standing approval of {found.approved_by} is taken back. Who was drawn stays."]
    return [
        f"{found.playbook}: approved by {found.approved_by} for every run to come; nobody was contacted now.",
        "  foretell tick draws whoever newly fits after each new run, and keeps its holdout aside.",
        f'  To take it back: foretell act "{found.playbook}" --stop. A change of the playbook does so too.',
    ]


def _as_json(found: Standing, holds: bool) -> dict[str, object]:
    at = from_microseconds(found.approved_at).isoformat(timespec="seconds")
    return {"playbook": found.playbook, "standing": holds, "approved_by": found.approved_by, "approved_at": at}
