"""`foretell pilot`: one segment first, judged by a rule that is written down before the start."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from foretell.cli.options import Json, Out
from foretell.project.place import place_of


def pilot(  # noqa: PLR0913 - a door: each argument is an option of its user
    playbook: Annotated[str | None, typer.Argument(help="A playbook. [default: say where each pilot stands]")] = None,
    segment: Annotated[str | None, typer.Option("--segment", metavar="NAME", help="The segment to begin with.")] = None,
    approve: Annotated[
        str | None, typer.Option("--approve", metavar="NAME", help="Who approves it; without, nothing is done.")
    ] = None,
    go_above: Annotated[
        float, typer.Option("--go-above", metavar="MONEY", help="Go when the profit per contact is surely above that.")
    ] = 0.0,
    at: Annotated[
        str | None, typer.Option("--at", metavar="DAY", help="When the contact goes out. [default: now]")
    ] = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Try a playbook on one segment, and on go reach 10, 50 and 100 % of all; or say where each pilot stands."""
    from foretell.actions.pilot import GoRule
    from foretell.cli.screen.action.pilot import standing_as_json, standing_lines, stepped_as_json, stepped_lines
    from foretell.cli.screen.folded import folded
    from foretell.pipeline.actions.pilot import standings, stepped
    from foretell.project.errors import InputError

    place = place_of(out)
    if playbook is None:
        found = standings(place)
        told = [line for one in found for line in standing_lines(one)] or ["No pilot has been begun."]
        print(json.dumps([standing_as_json(one) for one in found]) if as_json else folded(told))
        return
    if segment is None:
        raise InputError("A pilot needs a segment.", hint=f'foretell pilot "{playbook}" --segment "At risk"')
    step = stepped(place, playbook, segment, GoRule(go_above), approve, at)
    print(json.dumps(stepped_as_json(step), ensure_ascii=False) if as_json else folded(stepped_lines(step)))
