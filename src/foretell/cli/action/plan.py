"""`foretell plan`: what is worth doing, for whom, and what it can teach; nothing is done."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from foretell.cli.options import Json, Out, RunOption
from foretell.project.place import place_of


def plan(
    playbook: Annotated[
        str | None, typer.Argument(help="A declared playbook. [default: each of them on a line]")
    ] = None,
    effect: Annotated[
        str | None,
        typer.Option("--effect", metavar="SHARE", help='Believe that a contact adds this to the chance: "2 %".'),
    ] = None,
    budget: Annotated[
        float | None, typer.Option("--budget", min=0, metavar="MONEY", help="With so much money for contacts.")
    ] = None,
    run: RunOption = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Say who would be contacted and who not, what it is expected to bring, and what it can teach."""
    from foretell.cli.screen.plan import lines_of, lines_of_all
    from foretell.pipeline.actions.plan import plan_of, plans, together
    from foretell.project.errors import InputError

    place = place_of(out)
    if playbook is None:
        if effect is not None or budget is not None:
            raise InputError(
                "An effect or a budget is that of one playbook.",
                found="no playbook",
                expected="its name",
                hint='foretell plan "win back" --effect "2 %"',
            )
        found = plans(place, run)
        shared = together(found)
        told = {"plans": [one.as_json() for one in found], "together": asdict(shared)}
        print(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(lines_of_all(found, shared)))
        return
    one = plan_of(place, playbook, None if effect is None else _share(effect), budget, run)
    print(json.dumps(one.as_json(), ensure_ascii=False) if as_json else "\n".join(lines_of(one)))


def _share(text: str) -> float:
    from dataclasses import replace

    from foretell.project.errors import InputError
    from foretell.project.parts.actions import parse_share

    try:
        number = float(text) if "%" not in text else text
        return parse_share(number)
    except ValueError:
        raise InputError(
            "This is no share.", found=text, expected="such as 2 % or 0.02", hint='--effect "2 %"'
        ) from None
    except InputError as error:
        raise replace(error, found=text, hint='--effect "2 %"') from None
