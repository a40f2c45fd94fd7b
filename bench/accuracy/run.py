"""`python -m bench.accuracy`: Foretell's scores beside named peers on purchase logs, judged by what happened."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from bench.accuracy import page as accuracy_page
from bench.accuracy.contenders import OURS, forecast_of
from bench.accuracy.gift_shop import gift_shop_log
from bench.accuracy.judge import Cell, judged, with_verdicts
from bench.accuracy.logs import Log, cdnow_log, declared_log, online_retail_log
from bench.accuracy.parts import parts_of
from bench.accuracy.peers import PEERS, SLOW
from bench.accuracy.truth import asked
from bench.tables import machine
from foretell.backtest.bootstrap import REPLICATES

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "bench" / "results" / "accuracy.json"
PAGE = ROOT / "docs" / "explanation" / "accuracy.md"
BUILT_IN: dict[str, Callable[[], Log]] = {
    "online_retail": online_retail_log,
    "cdnow": cdnow_log,
    "gift_shop": gift_shop_log,
}


def main() -> None:
    """Ask every contender every case; without --quick, write what was found."""
    options = _arguments()
    if options.page:
        PAGE.write_text(accuracy_page.page(_earlier(), machine()), encoding="utf-8")
        return
    began = time.perf_counter()
    logs = [declared_log(text) for text in options.log]
    chosen = [make for name, make in BUILT_IN.items() if name in options.only or not (options.only or options.log)]
    found: dict[str, dict[str, Any]] = {}
    for log in [*(make() for make in chosen), *logs]:
        found[log.name] = measured(log, options.quick)
        for part in parts_of(log) if options.parts else ():
            found[part.name] = measured(part, options.quick)
    cells = [cell for log in found.values() for cell in log["cells"]]
    parts = (accuracy_page.counts, accuracy_page.by_metric, accuracy_page.intervals, accuracy_page.coming_totals)
    print(*(part(cells) for part in parts), sep="\n\n")
    for cell in cells:
        if cell.verdict == "loss":
            ours, theirs = cell.values[OURS], cell.values[cell.best_peer or ""]
            who = f"{cell.log}, {cell.case}, {cell.slice}, {cell.target} {cell.metric}"
            print(f"LOSS {who}: {ours:.4g}, {cell.best_peer} {theirs:.4g}")
    if not options.quick:
        write({**_earlier(), **found})
        print(f"Written: {PAGE.relative_to(ROOT)}, {RESULTS.relative_to(ROOT)}")
    print(f"{time.perf_counter() - began:.0f} s")


def measured(log: Log, quick: bool) -> dict[str, Any]:
    """The cells of a log with verdicts, who served, and how long each contender took."""
    cells: list[Cell] = []
    serving: dict[str, dict[str, str]] = {}
    seconds: dict[str, float] = {}
    contenders = [name for name in (OURS, *PEERS) if not (quick and name in SLOW)]
    for case in log.cases[:1] if quick else log.cases:
        question = asked(log, case)
        answers = {}
        for name in contenders:
            try:
                answers[name] = forecast_of(name, question)
            except RuntimeError as error:
                if name == OURS:
                    raise
                _say(f"{log.name}, {case}: {name} left out: {error}")
                continue
            seconds[name] = seconds.get(name, 0.0) + answers[name].seconds
        serving[str(case)] = answers[OURS].serving
        cells += judged(question, answers, 50 if quick else 2 * REPLICATES)
        _say(f"{log.name}, {case}: {len(question.keys)} customers, {len(answers)} contenders")
    return {"source": log.source, "cells": with_verdicts(cells), "serving": serving, "seconds": seconds}


def write(logs: dict[str, dict[str, Any]]) -> None:
    """The figures of all logs as JSON, and the page."""
    facts = machine()
    kept = {name: {**log, "cells": [_rounded(asdict(cell)) for cell in log["cells"]]} for name, log in logs.items()}
    RESULTS.write_text(json.dumps({**facts, "logs": kept}, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(accuracy_page.page(logs, facts), encoding="utf-8")


def _earlier() -> dict[str, dict[str, Any]]:
    """What an earlier call measured on other logs."""
    if not RESULTS.exists():
        return {}
    logs: dict[str, dict[str, Any]] = json.loads(RESULTS.read_text(encoding="utf-8"))["logs"]
    return {name: {**log, "cells": [Cell(**cell) for cell in log["cells"]]} for name, log in logs.items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return float(f"{value:.6g}") if isinstance(value, float) and math.isfinite(value) else value


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=tuple(BUILT_IN), default=[], help="of the logs that come along")
    parser.add_argument(
        "--log",
        action="append",
        default=[],
        metavar="NAME=PATH:ROLE=COLUMN,..",
        help="a Parquet file of order lines, such as shop=orders.parquet:customer=id,time=at,amount=paid; then only "
        "this and what --only names",
    )
    parser.add_argument("--no-parts", dest="parts", action="store_false", help="without short and small parts of logs")
    parser.add_argument("--page", action="store_true", help="measure nothing: write the page of the last figures again")
    parser.add_argument("--quick", action="store_true", help="one case a log, fast peers, nothing written")
    return parser.parse_args()
