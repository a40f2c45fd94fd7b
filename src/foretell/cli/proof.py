"""The commands about the proof: `backtest`, and `model show`."""

# ruff: noqa: PLC0415  a command loads only what it needs, so that --help is quick

from __future__ import annotations

from typing import Annotated

import typer

from foretell.cli.options import Json, Out

model = typer.Typer(help="Look at the models of the last run.", no_args_is_help=True)


def backtest(
    out: Out = None,
    metric: Annotated[
        str | None, typer.Option("--metric", metavar="NAME", help="This metric alone, at each cutoff, with intervals.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show how good the last run's forecasts were on the past, next to every baseline."""
    from foretell.cli.backtest import show_backtest

    show_backtest(out, metric, as_json)


@model.command()
def show(out: Out = None, as_json: Json = False) -> None:
    """Show everything that went into the models of the last run, and who serves which question."""
    from foretell.cli.model import show_model

    show_model(out, as_json)
