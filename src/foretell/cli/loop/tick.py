"""`foretell tick`: whatever is due, once."""

from __future__ import annotations

from typing import Annotated

import typer

from foretell.cli.options import Json, Out


def tick(
    out: Out = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="DAY", help="Make contacts as of this day. [default: now]")
    ] = None,
    as_json: Json = False,
) -> None:
    """Do whatever is due: read, score, grade, warn, act on standing playbooks, send. Safe every minute."""
    from foretell.cli.screen.loops.tick import show_tick

    if not show_tick(out, at, as_json):
        raise typer.Exit(1)
