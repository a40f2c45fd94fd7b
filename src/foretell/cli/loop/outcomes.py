"""`foretell outcomes`: what became of the forecasts, beside what the tests had promised."""

from __future__ import annotations

from typing import Annotated

import typer

from foretell.cli.options import Json, Out


def outcomes(
    out: Out = None,
    run: Annotated[
        str | None, typer.Option("--run", metavar="ID", help="Of this run alone. [default: every kept forecast]")
    ] = None,
    as_json: Json = False,
) -> None:
    """Grade every forecast whose time has passed by what the log now holds, beside what the tests had promised."""
    from foretell.cli.screen.outcomes import show_outcomes

    show_outcomes(out, run, as_json)
