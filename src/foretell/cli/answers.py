"""Answers on the screen: customers first, then how good the forecasts were, then where the files are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from foretell.cli.asking import question
from foretell.cli.listening import Listener
from foretell.workflow.ask import answer
from foretell.workflow.request import Request
from foretell.workflow.run import Outcome
from foretell.workflow.summary import Summary, summarised

CUSTOMERS_SHOWN = 5


def show_run(request: Request, as_json: bool) -> None:
    """Run a request and print its answer."""
    with Listener(quiet=as_json) as listener:
        outcome, paths = answer(request, listener, question(request, as_json))
    summary = summarised(outcome)
    if as_json:
        print(json.dumps(summary.as_json(paths), ensure_ascii=False))
        return
    _print(summary, outcome, paths)


def _print(summary: Summary, outcome: Outcome, paths: Mapping[str, Path]) -> None:
    console = Console(soft_wrap=True, highlight=False)
    console.print(summary.headline())
    for line in summary.remarks:
        console.print(f"  {line}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, justify in summary.columns:
        table.add_column(name, justify=justify)
    for row in summary.customers(CUSTOMERS_SHOWN):
        table.add_row(*row)
    console.print()
    console.print(table)
    console.print()
    for line in summary.proof_lines():
        console.print(line)
    console.print(f"Report: {paths['report.html']}   Scores: {paths['scores.parquet']}")
