"""`foretell experiment`: what a randomised comparison in a file shows."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Annotated

import typer

from foretell.cli.options import DecimalOption, Json, Out, SheetOption


def experiment(  # noqa: PLR0913 - a door: each argument is an option of its user
    files: Annotated[list[Path], typer.Argument(help="A table with one row a customer.", metavar="FILE...")],
    arm: Annotated[str, typer.Option("--arm", metavar="COL", help="The column with the arm that each was drawn into.")],
    control: Annotated[str, typer.Option("--control", metavar="VALUE", help="The arm that got nothing.")],
    outcome: Annotated[
        list[str],
        typer.Option("--outcome", metavar="COL", help="What is compared; can be repeated; A/B for a ratio of two."),
    ],
    before: Annotated[
        list[str] | None,
        typer.Option("--before", metavar="COL", help="Known before the start, to take noise out; can be repeated."),
    ] = None,
    shares: Annotated[
        str | None,
        typer.Option("--shares", metavar="A,B", help="Shares that were meant: the control's first, then by name."),
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="COL", help="Who was drawn, where several rows belong to one.")
    ] = None,
    winsor: Annotated[
        float | None,
        typer.Option("--winsor", metavar="Q", help="Hold outcomes to this quantile of the first --before column."),
    ] = None,
    planned: Annotated[
        float | None,
        typer.Option(
            "--planned", metavar="N", help="Units at which bounds for every look are tightest. [default: 5000]"
        ),
    ] = None,
    decimal: DecimalOption = None,
    sheet: SheetOption = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Read out an experiment: each arm beside the control, with intervals, also for those who look every day."""
    from foretell.flat.experiment.answer import answered
    from foretell.flat.experiment.request import experiment_request
    from foretell.flat.experiment.words import lines

    options = {"before": before, "shares": shares, "unit": unit, "winsor": winsor, "planned": planned}
    request = experiment_request(files, out, arm, control, outcome, **options, decimal=decimal, sheet=sheet)
    answer = answered(request)
    if as_json:
        print(json.dumps(answer.as_json(), ensure_ascii=False))
        return
    for line in lines(answer):
        indent = " " * (len(line) - len(line.lstrip()))
        print(
            textwrap.fill(
                line.strip(),
                79,
                initial_indent=indent,
                subsequent_indent=indent,
                break_on_hyphens=False,
                break_long_words=False,
            )
        )
