"""`foretell act`: draw who is contacted and who is kept aside, write both down, then write the files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foretell.cli.options import Json, Out
from foretell.project.place import place_of

if TYPE_CHECKING:
    from foretell.pipeline.actions.act import Done, Prepared


def act(  # noqa: PLR0913 - a door: each argument is an option of its user
    playbook: Annotated[str, typer.Argument(help="The name of a declared playbook.")],
    approve: Annotated[
        str | None, typer.Option("--approve", metavar="NAME", help="Who approves it; without, nothing is done.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="DAY", help="When the contact goes out. [default: now]")
    ] = None,
    standing: Annotated[
        bool, typer.Option("--standing", help="Approve it for every run to come; foretell tick acts on it.")
    ] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Take a standing approval back.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Contact the customers of a playbook, with some kept aside by a draw, so that what it brings can be measured."""
    from foretell.cli.screen.action.act import done_lines, prepared_lines
    from foretell.cli.screen.folded import folded
    from foretell.pipeline.actions.act import acted_on, prepared

    place = place_of(out)
    if standing or stop:
        from foretell.cli.screen.action.standing import show_standing

        show_standing(place, playbook, None if stop else approve or "", as_json)
        return
    if approve is None or dry_run:
        ready = prepared(place, playbook, at)
        print(json.dumps(_as_json(ready), ensure_ascii=False) if as_json else folded(prepared_lines(ready)))
        raise typer.Exit(0 if dry_run or not ready.drawn.is_new else 1)
    done = acted_on(place, playbook, approve, at)
    print(json.dumps(_done_as_json(done), ensure_ascii=False) if as_json else folded(done_lines(done)))
    if any(one.outcome not in ("delivered", "waiting") for one in done.sent):
        raise typer.Exit(1)


def _as_json(ready: Prepared) -> dict[str, Any]:
    drawn = ready.drawn
    return {
        "campaign": drawn.campaign.name,
        "playbook": drawn.campaign.playbook,
        "kind": drawn.campaign.kind,
        "done_already": not drawn.is_new,
        "treated": drawn.treated,
        "control": drawn.control,
        "cost": drawn.cost,
        "holdout": {"share": drawn.holdout.share, "sees": drawn.holdout.sees, "words": drawn.holdout.words},
        "left_out": dict(ready.asked.candidates.left_out()),
        "ripe_on": ready.ripe_on,
        "warnings": list(ready.warnings),
    }


def _done_as_json(done: Done) -> dict[str, Any]:
    from dataclasses import asdict

    return _as_json(done.prepared) | {
        "done_already": not done.acted.drawn.is_new,
        "dropped_out": done.acted.dropped,
        "files": {name: str(path) for name, path in done.acted.files.items()},
        "sent": [asdict(one) for one in done.sent],
    }
