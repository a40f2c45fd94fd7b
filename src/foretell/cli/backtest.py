"""`foretell backtest`: how good the forecasts were on the past."""

from __future__ import annotations

from typing import Annotated

import typer

from foretell.cli.options import Json, Out


def backtest(
    out: Out = None,
    metric: Annotated[
        str | None, typer.Option("--metric", metavar="NAME", help="This metric alone, at each cutoff, with intervals.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show how good the last run's forecasts were on the past, next to every baseline."""
    from foretell.cli.screen.backtest import show_backtest

    show_backtest(out, metric, as_json)
