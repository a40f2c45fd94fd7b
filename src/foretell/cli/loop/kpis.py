"""`foretell kpis`: the numbers that a business watches, their targets, and where they will stand."""

from __future__ import annotations

from typing import Annotated

import typer

from foretell.cli.options import Json, Out


def kpis(
    out: Out = None,
    run: Annotated[
        str | None, typer.Option("--run", metavar="ID", help="As of this published run; default: the newest.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show how each KPI stands, where it will be at the end of its period, and whether its target will be met."""
    from foretell.cli.screen.kpis import show_kpis

    show_kpis(out, run, as_json)
