"""`python -m bench.next_categories`: the next three categories or products, beside own history, at past cutoffs."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.accuracy.logs import EPOCH, Log, declared_log, online_retail_log
from bench.tables import machine, table
from foretell.customer_log.roles.named_columns import columns_of
from foretell.forecasts.next_categories.metrics import METRICS
from foretell.forecasts.next_categories.proof import CategoryProof, forecast, prove
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.intervals import MICROSECONDS_PER_DAY, days, parse_day
from foretell.project.progress import Silent
from foretell.timelines.engine import Engine

RESULTS = Path(__file__).parents[1] / "results"
SEED = 7
TESTS = 3
HORIZONS_DAYS = (30, 60)
INTRODUCTION = """Three test cutoffs a log, one horizon apart, the last horizon ending with the log; two where it is too
short for three. Everything is learned from what was known at the cutoff. Judged are customers who bought something of
the kind asked (either, again, or for the first time) in the horizon, of everything that had been bought before the
cutoff by anybody; what is bought and was no candidate counts as not found. Candidates are all that the customer bought
before, whatever few others did, and the new ones among those with most buyers. *Most frequent* and *most recent* name
the own history first, then what is most popular. `lead` is ours less the other, with the 90 % interval of a paired
bootstrap over customers."""


def main() -> None:
    """Measure on Online Retail, and on the logs that are given; print and write the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.next_categories", description=__doc__)
    parser.add_argument(
        "--log", action="append", default=[], metavar="name=path:role=column,..", help="a prepared file"
    )
    asked = parser.parse_args()
    measure([online_retail_log(), *map(declared_log, asked.log)])


def measure(logs: Sequence[Log]) -> None:
    """Prove on every log, and write `next_categories.md` and `.json`."""
    RESULTS.mkdir(exist_ok=True)
    pages, kept = [], {}
    for log in logs:
        with tempfile.TemporaryDirectory() as folder:
            engine, end = _engine(log, Path(folder))
            for horizon_days in HORIZONS_DAYS:
                page, proof = _proved(log, engine, end, horizon_days)
                pages.append(page)
                kept[f"{log.name}, {horizon_days} days"] = asdict(proof)
                print(page, flush=True)
    facts = machine()
    lines = "\n".join(f"- {key}: {value}" for key, value in facts.items())
    page = f"# The next three categories\n\n{INTRODUCTION}\n\n" + "\n\n".join(pages) + f"\n\n{lines}\n"
    (RESULTS / "next_categories.md").write_text(page)
    (RESULTS / "next_categories.json").write_text(json.dumps({**facts, "measured": kept}, indent=1) + "\n")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB", file=sys.stderr)


def _proved(log: Log, engine: Engine, end: int, horizon_days: int) -> tuple[str, CategoryProof]:
    begin = end - (int(np.ptp(log.orders.day)) + 1) * MICROSECONDS_PER_DAY
    tests = [end - (back + 1) * days(horizon_days) for back in range(TESTS)]
    tests = [test for test in tests if test - begin >= 2 * days(horizon_days)]
    begun = time.process_time()
    proof = prove(engine, tests, horizon_days, end, SEED)
    proved = time.process_time()
    customers = len(forecast(engine, end, horizon_days, proof))
    spent = proved - begun, time.process_time() - proved
    return _page(log, proof, horizon_days, customers, (len(tests), *spent)), proof


def _engine(log: Log, folder: Path) -> tuple[Engine, int]:
    """The log in a store, and the midnight after its last day."""
    path = folder / "orders.parquet"
    pq.write_table(log.lines, path)
    last = EPOCH + timedelta(days=int(pc.max(log.lines[log.columns["time"]]).cast("date32").cast("int32").as_py()) + 1)
    request = request_for_files([path], folder / "out", columns=log.columns, as_of=last.isoformat())
    read = brought_up_to_date(request, source_of(request), columns_of(log.columns), Silent())
    return read.engine, parse_day(last.isoformat(), request.settings.timezone)


def _page(log: Log, proof: CategoryProof, horizon_days: int, customers: int, spent: tuple[int, float, float]) -> str:
    by_contender: dict[tuple[str, str], list[str]] = {}
    judged: dict[tuple[str, str], int] = {}
    for row in proof.measured:
        led = "" if row.lead is None or row.lead.low is None else (
            f" (lead {row.lead.value:+.3f} [{row.lead.low:+.3f}, {row.lead.high:+.3f}])"
        )  # fmt: skip
        by_contender.setdefault((row.side, row.contender), []).append(f"{row.value:.3f}{led}")
        judged[row.side, row.contender] = row.customers
    rows = [[*key, f"{judged[key]:,}", *cells] for key, cells in by_contender.items()]
    head = ["bought", "order by", "customers", *(name.replace("_", " ") for name in METRICS)]
    why = " ".join(f"{side}: {told}." for side, told in proof.why.items())
    return (
        f"## {log.name}: {proof.kind}, {horizon_days} days\n\n{log.source}.\n\n{table(head, rows)}\n\n{why}\n\n"
        f"{spent[0]} tests {spent[1]:.1f} CPU-s; today's lists of {customers:,} customers {spent[2]:.1f} CPU-s, "
        "learning included."
    )
