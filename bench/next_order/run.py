"""`python -m bench.next_order`: forecasts of the next order at past days, beside three baselines, censoring and all.

Ours is the hazard of BG/NBD times what the own rhythm says (`forecasts.next_order.model`). Baselines: BG/NBD alone,
everybody's gaps by number of orders (Kaplan-Meier with delayed entry), and the last order plus the own median gap.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from bench.accuracy.logs import Log, cdnow_log, declared_log, online_retail_log
from bench.prepared import prepared
from bench.tables import machine, table
from foretell.forecasts.next_order.model import BASELINE, OURS
from foretell.forecasts.next_order.past_forecasts import GAPS, OWN_GAP
from foretell.forecasts.next_order.proof import NextOrderProof, prove_next_order

RESULTS = Path(__file__).parents[2] / "bench" / "results" / "next_order.md"
SEED = 0
SHARES = (0.42, 0.25, 0.1)
"""Of each log, between the days and its end: none of these days chose anything of the model."""
BUILT_IN: dict[str, Callable[[], Log]] = {"online_retail": online_retail_log, "cdnow": cdnow_log}
MODELS = {OURS: "ours", BASELINE: "BG/NBD", GAPS: "gaps by number of orders", OWN_GAP: "last order + own median gap"}
COLUMNS = {
    "log_score": ("log score", ".3f"),
    "integrated_brier": ("integrated Brier score", ".4f"),
    "concordance": ("concordance", ".3f"),
    "coverage_50": ("50 % interval covers", ".1%"),
    "coverage_80": ("80 % interval covers", ".1%"),
    "silence_predicted": ("silent, predicted", ".1%"),
    "silence_seen": ("silent, seen", ".1%"),
    "silence_calibration_error": ("calibration error", ".3f"),
    "error_of_returners_days": ("error on returners, days", ".1f"),
}
LEGEND = """\
Forecasts made at past days from what was known then, judged by every day since; means over the days. Waits that had not
ended are right-censored. Log score (of the very day, or of no order so far), integrated Brier score and calibration
error: lower is better. Coverage: of customers who return, the share whose order falls in the interval that is served,
who has not come back yet counted in parts by Kaplan-Meier on the probability integral transform. Silent: the share
without an order while watched. The error on returners is over those who came back while watched only, so it flatters
whoever forecasts early; it decides nothing. A date alone has no interval and no log score. The ridge, the columns and
the number of past moments that teach were chosen on online_retail, cdnow and complete_journey, but on other days, whose
windows overlap these.
"""


def main() -> None:
    """Measure every log; print, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.next_order", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=tuple(BUILT_IN), default=[], help="of the logs that come along")
    parser.add_argument("--log", action="append", default=[], metavar="NAME=PATH:ROLE=COLUMN,..",
                        help="as for bench.accuracy; beside the two logs that come along")  # fmt: skip
    options = parser.parse_args()
    logs = [make() for name, make in BUILT_IN.items() if name in options.only or not options.only]
    parts = []
    for log in [*logs, *map(declared_log, options.log)]:
        began = time.perf_counter()
        parts.append(section(log, proved(log)))
        print(parts[-1], f"({time.perf_counter() - began:.0f} s)\n", sep="\n", flush=True)
    RESULTS.write_text(page(parts), encoding="utf-8")


def proved(log: Log) -> NextOrderProof:
    """The proof on the whole log, as in a run."""
    with tempfile.TemporaryDirectory(prefix="foretell-bench-") as folder:
        engine, plan = prepared(log, Path(folder))
        return prove_next_order(engine, plan, SEED, shares=SHARES)


def section(log: Log, proof: NextOrderProof) -> str:
    """One log: its days, a row for each model, and whether ours is beyond BG/NBD."""
    days = ", ".join(
        f"{day} (watched for {watched} days)" for day, watched in zip(proof.days, proof.watched_days, strict=True)
    )
    header = ["model", *(name for name, _ in COLUMNS.values())]
    rows = [[name, *(_cell(proof, metric, model) for metric in COLUMNS)] for model, name in MODELS.items()]
    apart = next((row for row in proof.rows if row.model == f"{OURS} - {BASELINE}"), None)
    told = ""
    if apart is not None and apart.value is not None and apart.low is not None and apart.high is not None:
        told = f"\n\nLog score, ours minus BG/NBD: {apart.value:+.4f} [{apart.low:+.4f}, {apart.high:+.4f}]. "
    return f"## {log.name}\n\n{log.source}. Days: {days}.\n\n{table(header, rows)}{told}{proof.reason}\n"


def page(parts: list[str]) -> str:
    """The whole page."""
    facts = "\n".join(f"- {name}: {value}" for name, value in machine().items())
    return "\n".join(["# The next order's date", "", LEGEND, *parts, "## Measured with", "", facts, ""])


def _cell(proof: NextOrderProof, metric: str, model: str) -> str:
    value = proof.value(metric, model)
    return "-" if value is None else format(value, COLUMNS[metric][1])
