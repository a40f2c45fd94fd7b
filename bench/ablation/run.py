"""`python -m bench.ablation`: what each part of the serving blend is worth on the logs of the accuracy bench."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from bench.ablation import page as ablation_page
from bench.ablation.parts import WHOLE, forecasts, taught_by
from bench.accuracy.gift_shop import gift_shop_log
from bench.accuracy.judge import ALL_MARGINS
from bench.accuracy.logs import Case, Log, cdnow_log, declared_log, online_retail_log
from bench.accuracy.parts import parts_of
from bench.accuracy.truth import asked
from bench.tables import machine
from foretell.backtest.bootstrap import REPLICATES, CustomerWeights
from foretell.backtest.forecast import Forecast
from foretell.backtest.paired import Difference, Replicated, difference, replicated
from foretell.models.blend import Blend
from foretell.project.intervals import days
from foretell.project.objectives import TARGETS

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "bench" / "results" / "ablation.json"
PAGE = ROOT / "docs" / "explanation" / "ablation.md"
SEED = 0
METRICS = {
    "purchase": ("log_loss", "auroc", "average_precision"),
    "orders": ("poisson_deviance", "rmse", "normalised_gini"),
    "spend": ("tweedie_deviance", "rmse", "normalised_gini"),
    "high_value": ("average_precision",),
}


@dataclass(frozen=True)
class Worth:
    """What the whole blend gains over a variant by one metric in one case: `worth` > 0 says that the part helps.

    `worth`, its 90 % interval and `margin` are in units of the metric; `whole` is the metric of the whole blend.
    """

    log: str
    case: str
    variant: str
    target: str
    metric: str
    whole: float
    worth: float
    low: float
    high: float
    margin: float

    @property
    def verdict(self) -> str:
        """`helps` or `hurts` beyond the margin, else `tie`."""
        return "tie" if abs(self.worth) <= self.margin else "helps" if self.worth > 0 else "hurts"

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


def main() -> None:
    """Fit, take away, compare; print and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.ablation", description=__doc__)
    parser.add_argument("--log", action="append", default=[], metavar="NAME=PATH:ROLE=COLUMN,..",
                        help="as for bench.accuracy; beside the logs that come along")  # fmt: skip
    options = parser.parse_args()
    began = time.perf_counter()
    found: list[Worth] = []
    left_out: list[str] = []
    logs = [online_retail_log(), cdnow_log(), gift_shop_log(), *map(declared_log, options.log)]
    for log in [one for whole in logs for one in (whole, *parts_of(whole))]:
        for case in log.cases:
            worths = measured(log, case)
            found += worths
            left_out += [] if worths else [f"{log.name}, {case}"]
            print(f"{log.name}, {case}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    facts = {**machine(), "the blend": Blend.formula}
    content = json.dumps(
        {**facts, "left_out": left_out, "cells": [_rounded(asdict(worth)) for worth in found]}, indent=1
    )
    RESULTS.write_text(content + "\n", encoding="utf-8")
    PAGE.write_text(ablation_page.page(found, left_out, facts), encoding="utf-8")
    print(ablation_page.summary(found))


def _rounded(row: dict[str, object]) -> dict[str, object]:
    return {name: float(f"{value:.6g}") if isinstance(value, float) else value for name, value in row.items()}


def measured(log: Log, case: Case) -> list[Worth]:
    """Every variant of one case against the whole blend; nothing where nothing can be learned."""
    taught = taught_by(log, case)
    if taught is None:
        return []
    question = asked(log, case)
    place = np.argsort(question.keys)
    row = place[np.searchsorted(question.keys, taught.today.customer_key, sorter=place)]
    if not np.array_equal(question.keys[row], taught.today.customer_key) or len(row) != len(question.keys):
        raise RuntimeError(f"{log.name}, {case}: not the customers that were asked about")
    weights = CustomerWeights.drawn([question.keys], SEED, REPLICATES)
    whole: dict[tuple[str, str], Replicated] = {}
    found: list[Worth] = []
    for variant, target, predicted in forecasts(taught):
        forecast = Forecast(
            target, TARGETS[target].kind, case.horizon_days, days(case.cutoff), variant, taught.today.customer_key,
            predicted, question.actual[target][row], {"all": np.ones(len(row), dtype=bool)},
        )  # fmt: skip
        for metric in METRICS[target]:
            own = replicated([forecast], metric, "all", weights)
            if variant == WHOLE:
                whole[target, metric] = own
            elif gained := difference(whole[target, metric], own):
                level = float(whole[target, metric].values[0])
                gains = figures(metric, level, gained)
                found.append(Worth(log.name, str(case), variant, target, metric, level, *gains))
    return found


def figures(metric: str, whole: float, gained: Difference) -> tuple[float, float, float, float]:
    """Worth, low, high and margin."""
    margin = ALL_MARGINS[metric]
    sign = -1.0 if margin.lower_is_better else 1.0
    low, high = sorted((sign * gained.low, sign * gained.high))
    return sign * gained.value, low, high, margin.size * (abs(whole) if margin.relative else 1.0)
