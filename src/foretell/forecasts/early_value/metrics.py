"""Who of the new customers was pointed at, and how much of the later top tier that was: arrays in, figures out.

The tier's cut is fixed for each acquisition cohort, so customers are ordered within their cohort too: a score becomes
its percentile there, and the first tenth is a tenth of every cohort.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

from foretell.backtest.bootstrap import INTERVAL, REPLICATES, CustomerWeights, Figure
from foretell.backtest.metrics.probability_metrics import ProbabilityPanel
from foretell.backtest.metrics.ranking import Ranking, divided, mass_of_top
from foretell.backtest.panels import value_of

POINTED_AT = 0.1
AVERAGE_PRECISION, LIFT, REVENUE_CAUGHT = "average_precision", "lift_at_10_percent", "revenue_caught"
EARLY_METRICS = (AVERAGE_PRECISION, LIFT, REVENUE_CAUGHT)
FEWEST_IN_A_CELL = 5


@dataclass(frozen=True)
class Pointed:
    """What came true of customers who were looked at early; one entry a customer.

    `cohort` is int64; `in_tier` is 0 or 1; `spend` is what was spent in the window; `customer_key` is uint64.
    """

    customer_key: np.ndarray
    cohort: np.ndarray
    in_tier: np.ndarray
    spend: np.ndarray


class EarlyPanel:
    """Scores of new customers beside what they became, measurable under weights (see `panels.Panel`)."""

    names = EARLY_METRICS

    def __init__(self, score: np.ndarray, seen: Pointed) -> None:
        self.place = within_cohorts(score, seen.cohort)
        self.seen = seen

    def __len__(self) -> int:
        return len(self.place)

    def measure(self, weights: np.ndarray, names: Iterable[str] | None = None) -> dict[str, np.ndarray]:
        """Average precision, lift at 10 % and the share of the tier's revenue that the first 10 % hold, under each of
        the weights float64 [sets, rows]; NaN where nobody, or everybody, is in the tier."""
        wanted = tuple(self.names if names is None else names)
        found = self._tier.measure(weights, [name for name in wanted if name != REVENUE_CAUGHT])
        return {name: self._caught(weights) if name == REVENUE_CAUGHT else found[name] for name in wanted}

    @cached_property
    def _tier(self) -> ProbabilityPanel:
        return ProbabilityPanel(self.place, self.seen.in_tier)

    def _caught(self, weights: np.ndarray) -> np.ndarray:
        ranking = Ranking.of(self.place)
        own = weights[:, ranking.order]
        revenue = ranking.cumulated(own * (self.seen.spend * self.seen.in_tier)[ranking.order])
        return divided(mass_of_top(POINTED_AT, revenue, ranking.cumulated(own)), revenue[:, -1])


def within_cohorts(score: np.ndarray, cohort: np.ndarray) -> np.ndarray:
    """float64 in (0, 1): the place of each score among those of its cohort; equal scores share their middle place.

    >>> within_cohorts(np.array([5.0, 1.0, 1.0, 900.0]), np.array([0, 0, 0, 1])).round(3).tolist()
    [0.833, 0.333, 0.333, 0.5]
    """
    place = np.empty(len(score))
    for one in np.unique(cohort):
        rows = np.flatnonzero(cohort == one)
        _, group, counts = np.unique(score[rows], return_inverse=True, return_counts=True)
        middles = np.cumsum(counts) - counts / 2
        place[rows] = middles[group] / len(rows)
    return place


def judged_early(
    scores: dict[str, np.ndarray], seen: Pointed, seed: int, draws: int = REPLICATES
) -> tuple[dict[str, dict[str, Figure]], dict[tuple[str, str], dict[str, Figure]]]:
    """Each ranking by each metric, and the first ranking less each of the others, drawn with the same customers."""
    weights = CustomerWeights.drawn([seen.customer_key], seed, draws)
    values, drawn = {}, {}
    kept = weights.sampled(seen.customer_key)
    sample = Pointed(*(part[kept] for part in vars(seen).values()))
    shrink = math.sqrt(kept.mean()) if len(kept) else 1.0
    for name, score in scores.items():
        values[name] = value_of(EarlyPanel(score, seen))
        panel = EarlyPanel(score[kept], sample)
        centre = value_of(panel)
        replicates = weights.replicate(panel, sample.customer_key)
        drawn[name] = {m: values[name][m] + (replicates[m] - centre[m]) * shrink for m in EARLY_METRICS}
    figures = {n: {m: Figure.drawn(values[n][m], values[n][m], drawn[n][m]) for m in EARLY_METRICS} for n in scores}
    first, *others = scores
    apart: dict[tuple[str, str], dict[str, Figure]] = {}
    for other in others:
        ahead = {m: values[first][m] - values[other][m] for m in EARLY_METRICS}
        apart[first, other] = {
            m: Figure.drawn(ahead[m], ahead[m], drawn[first][m] - drawn[other][m]) for m in EARLY_METRICS
        }
    return figures, apart


def relative_rate(has: np.ndarray, in_tier: np.ndarray, looked_at: int = 1) -> Figure | None:
    """How many times as often those who have a fact entered the tier as those who have it not.

    The interval is that of a ratio of two proportions on the log scale (Katz, Baptista, Azen and Pike 1978, Biometrics
    34), wide enough to hold for `looked_at` ratios together (Bonferroni) with 90 %. Where nobody of one side entered,
    half a customer is added to either outcome of both sides. None where a side is so small that fewer than
    `FEWEST_IN_A_CELL` of it would enter by chance.
    """
    n, m = float(has.sum()), float((~has).sum())
    x, y = float(in_tier[has].sum()), float(in_tier[~has].sum())
    if min(n, m) * (x + y) < FEWEST_IN_A_CELL * (n + m):
        return None
    if not x or not y:
        x, y, n, m = x + 0.5, y + 0.5, n + 1, m + 1
    ratio = (x / n) / (y / m)
    spread = math.sqrt(max(1 / x - 1 / n + 1 / y - 1 / m, 0.0))
    z = NormalDist().inv_cdf(1 - (1 - INTERVAL) / 2 / max(looked_at, 1))
    return Figure(ratio, ratio * math.exp(-z * spread), ratio * math.exp(z * spread))


def excludes_one(figure: Figure) -> bool:
    """Whether the interval of a ratio lies on one side of 1."""
    return figure.low is not None and figure.high is not None and (figure.low > 1 or figure.high < 1)
