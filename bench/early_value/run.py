"""`python -m bench.early_value`: who becomes valuable, told 1, 7 and 30 days after the first order, on real logs."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pyarrow.parquet as pq

from bench.accuracy.logs import Log, cdnow_log, declared_log, online_retail_log
from bench.prepared import planned_over
from bench.tables import machine, table
from foretell.backtest.bootstrap import Figure
from foretell.forecasts.early_value.indicators import EarlyIndicator
from foretell.forecasts.early_value.past_forecasts import OURS
from foretell.forecasts.early_value.proof import EarlyValue, early_value_of
from foretell.forecasts.early_value.words import RANKINGS, basis, headline, indicator_line, verdict
from foretell.words.wording import days, decimal, percent

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "bench" / "results" / "early_value.md"
HORIZONS_DAYS = (30, 90)
TITLE = "# Future high-value customers, by age"
INTRO = (
    "New customers as they were 1, 7 and 30 days after their first order, and whether they were in the top tenth of "
    "their acquisition cohort by what they spent in the horizon from then on. Only cohorts whose whole window had "
    "ended are in it; a cohort is forecast by what cohorts closed by then had taught. Figures are over all tested "
    "cohorts, with 90 % intervals over customers. *First-order amount* and *spend so far* are what anybody can look "
    "up. `python -m bench.early_value` writes this page."
)
ACQUIRED_AT_ONCE = (
    "CDNOW's customers all came within one quarter. By the log's own gaps a first order would count as one only after "
    "that quarter, so a run says that nobody is surely new. The log is known to be a cohort, though: every first order "
    "in it is one. Taken at that word, the customers of the first weeks teach what is said of those of the last ones: "
    "a proof within one quarter, over a horizon that fits into it, which cannot say whether what was learned holds for "
    "customers acquired in another season."
)


@dataclass(frozen=True)
class Question:
    """A log, a horizon, and, where it is known, the first day from which first orders in the log are such."""

    log: Log
    horizon_days: int
    new_from: date | None = None


def main() -> None:
    """Prove every log over every horizon, and write the page."""
    options = _arguments()
    logs = [online_retail_log(), *(declared_log(text) for text in options.log)]
    parts = [TITLE, INTRO, "; ".join(machine().values()) + "."]
    for log in logs:
        parts.append(f"## {log.name}\n\n{log.source}.")
        parts += [_section(Question(log, horizon)) for horizon in HORIZONS_DAYS]
    cohort = cdnow_log()
    parts.append(f"## {cohort.name}\n\n{cohort.source}.\n\n{ACQUIRED_AT_ONCE}")
    parts.append(_section(Question(cohort, 90)))
    parts += [_section(Question(cohort, horizon, date(1997, 1, 1))) for horizon in HORIZONS_DAYS]
    page = "\n\n".join(part.replace("\xa0", " ") for part in parts) + "\n"
    PAGE.write_text(page, encoding="utf-8")
    print(page)


def proved(question: Question, folder: Path) -> tuple[EarlyValue, float]:
    """The proof as a run makes it, and its CPU-seconds."""
    path = folder / "orders.parquet"
    pq.write_table(question.log.lines, path)
    engine, plan = planned_over(path, folder / "out", question.horizon_days, columns=question.log.columns)
    known = None if question.new_from is None else int(np.datetime64(question.new_from, "D").astype(np.int64))
    began = time.process_time()
    return early_value_of(engine, plan, 0, new_from=known), time.process_time() - began


def _section(question: Question) -> str:
    with tempfile.TemporaryDirectory() as folder:
        found, seconds = proved(question, Path(folder))
    word = ", every first order taken for one" if question.new_from else ""
    return f"### {days(question.horizon_days)} asked{word}\n\n{told(found)}\n\nCPU: {seconds:.1f} s."


def told(found: EarlyValue) -> str:
    """The proof as Markdown: a table, then age by age who is ahead and what goes with it."""
    if not found.ages:
        return found.cannot
    rows = [
        [
            days(at.age_days) if one.name == OURS else "",
            RANKINGS[one.name],
            _written(one.average_precision, decimal),
            _written(one.lift_at_10_percent, lambda value: decimal(value, 1)),
            _written(one.revenue_caught, percent),
        ]
        for at in found.ages
        for one in at.rankings
    ]
    header = ["age", "ordered by", "average precision", "lift at 10 %", "share of the tier's revenue"]
    lines = [f"- {headline(at)} {verdict(at)}" + _indicators(at.indicators) for at in found.ages]
    left = [found.cannot] if found.cannot else []
    return "\n\n".join([basis(found), table(header, rows), "\n".join(lines), *left])


def _indicators(found: Sequence[EarlyIndicator]) -> str:
    return "".join(f"\n  - {indicator_line(one)}" for one in found)


def _written(figure: Figure, write: Callable[[float | None], str]) -> str:
    bounded = figure.low is not None and figure.high is not None
    return write(figure.value) + (f" [{write(figure.low)}, {write(figure.high)}]" if bounded else "")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.early_value", description=__doc__)
    parser.add_argument(
        "--log",
        action="append",
        default=[],
        metavar="NAME=PATH:ROLE=COLUMN,..",
        help="a Parquet file of order lines beside the logs that come along, as in bench.accuracy",
    )
    return parser.parse_args()
