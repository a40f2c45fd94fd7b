"""`foretell run` and `foretell score` on the screen: customers first, then the proof, then the files."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.text import Text

from foretell.answers.summary import CustomerLine, RunSummary, summarised
from foretell.cli.screen.progress import Listener
from foretell.cli.screen.question import question
from foretell.pipeline.plan import plan_of_run
from foretell.pipeline.run import run
from foretell.pipeline.score import score
from foretell.project.place import place_of
from foretell.project.request import Request

CUSTOMERS_SHOWN = 5
WIDTH = 79
LONGEST_ID = 13


def show_run(request: Request, as_json: bool) -> None:
    """Run a request and print its answer."""
    with Listener(quiet=as_json) as listener:
        done = run(request, listener, question(request, as_json))
    summary, paths = summarised(done.run.main, [alert.id for alert in done.alerts]), done.files
    if as_json:
        print(json.dumps(summary.as_json(paths), ensure_ascii=False))
        return
    Console(soft_wrap=True, highlight=False, emoji=False, markup=False).print(answered(summary, paths))


def show_plan(request: Request, as_json: bool) -> None:
    """Print which steps a run would make, and why."""
    with Listener(quiet=as_json) as listener:
        found = plan_of_run(request, listener, question(request, as_json))
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    width = max(len(one.step) for one in found)
    for one in found:
        over = f"{one.horizon_days:>5} d  " if len({step.horizon_days for step in found}) > 1 else ""
        print(f"{over}{one.step.ljust(width)}  {'runs: ' + one.why if one.runs else 'kept'}")


def answered(summary: RunSummary, paths: Mapping[str, Path]) -> Text:
    """The answer as lines of at most 79 columns (file names may be longer), with emphasis where the screen has it."""
    text = Text()
    for warning in summary.warnings:
        _wrapped(text, warning, "bold yellow")
    _wrapped(text, summary.headline(), "bold")
    text.append("\n")
    _table(text, summary.customers(CUSTOMERS_SHOWN), summary.stake_line())
    text.append("\n")
    for line in summary.proof_lines():
        _wrapped(text, line)
    for line in (summary.movement_line(), summary.contract_line(), summary.alert_line()):
        if line:
            _wrapped(text, line)
    if summary.remarks:
        _wrapped(text, " ".join(summary.remarks), "dim")
    if warned := summary.data_line():
        _wrapped(text, warned, "yellow")
    for seen, is_warning in summary.health_lines():
        _wrapped(text, seen, "yellow" if is_warning else "dim")
    text.append("Report: ").append(str(paths["report.html"]), "bold")
    text.append("  Scores: ").append(str(paths["scores.parquet"]))
    return text


def show_scores(as_of: str | None, out: Path | None, as_json: bool) -> None:
    """Score again and say where the scores are."""
    with Listener(quiet=as_json) as listener:
        done = score(place_of(out), as_of, listener)
    plan, customers = done.run.main.plan, sum(len(one.scores) for one in done.run.horizons)
    files = {name: str(path) for name, path in done.files.items()}
    if as_json:
        answer = {
            "run": done.run.record.run,
            "as_of": plan.as_of_day(),
            "horizon_days": plan.horizon_days,
            "customers": customers,
            "files": files,
        }
        print(json.dumps(answer))
        return
    print(f"{customers:,} customers scored as of {plan.as_of_day()}, the next {plan.horizon_days} days")
    print(f"Scores: {files['scores.parquet']}")


def _table(text: Text, customers: list[CustomerLine], title: str) -> None:
    head = CustomerLine("customer", "segment", "P(order)", "expected", "[80\xa0% interval]", "at stake", "")
    rows = [head, *customers]
    widths = [
        max(len(column) for column in columns)
        for columns in zip(
            *((_cut(r.customer), r.segment, r.p_purchase, r.expected, r.interval, r.stake) for r in rows), strict=True
        )
    ]
    between = len("  ") * 4 + len(" ")
    widths[0] = min(widths[0], WIDTH - sum(widths[1:]) - between)
    _wrapped(text, title)
    for row in rows:
        cells = (_cut(row.customer, widths[0]), row.segment, row.p_purchase, row.expected, row.interval, row.stake)
        left = "  ".join(cell.ljust(width) for cell, width in zip(cells[:2], widths[:2], strict=True))
        right = [cell.rjust(width) for cell, width in zip(cells[2:], widths[2:], strict=True)]
        line = f"{left}  {right[0]}  {right[1]} {right[2].strip().ljust(widths[4])}  {right[3]}"
        text.append(f"{_plain(line)}\n", "dim" if row is head else "")
        if row.reason:
            indent = " " * (widths[0] + 2)
            for line in textwrap.wrap(row.reason, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  "):
                text.append(f"{_plain(line)}\n", "dim")


def _wrapped(text: Text, sentence: str, style: str = "") -> None:
    for line in textwrap.wrap(sentence, WIDTH, break_on_hyphens=False):
        text.append(f"{_plain(line)}\n", style)


def _plain(line: str) -> str:
    return line.replace("\xa0", " ")


def _cut(customer: str, width: int = LONGEST_ID) -> str:
    return customer if len(customer) <= width else f"{customer[: width - 1]}…"
