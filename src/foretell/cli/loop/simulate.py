"""`foretell simulate`: the whole loop on generated shops whose truth is known."""

from __future__ import annotations

from typing import Annotated

import typer

from foretell.cli.options import Json


def simulate(
    weeks: Annotated[int, typer.Option("--weeks", metavar="N", help="How many weeks the loop goes on.")] = 26,
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", help="On how many shops, each drawn anew.")] = 5,
    customers: Annotated[
        int, typer.Option("--customers", metavar="N", help="How many customers come to each shop in the whole time.")
    ] = 2_000,
    redraws: Annotated[
        int, typer.Option("--redraws", metavar="N", help="How often one campaign of each shop is drawn anew.")
    ] = 400,
    as_json: Json = False,
) -> None:
    """Let the whole loop run on generated shops, and tell what it truly earned, promised, saw and missed."""
    from foretell.cli.screen.loops.simulate import show_simulation

    show_simulation(weeks, seeds, customers, redraws, as_json)
