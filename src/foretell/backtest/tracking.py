"""Tracking: how many orders had come by each day of the test windows, beside how many were expected by then.

The plot of Fader, Hardie and Lee (2005, figures 4 and 5), with an interval. It tells what a mean error over a whole
window hides: whether a forecast is ahead of what comes from the first week on, or falls behind at the end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LOW, HIGH = 0.1, 0.9
FEWEST_OTHERS = 2


@dataclass(frozen=True)
class Miss:
    """What one test expected of a group of customers and what came: sums over its customers.

    `squares` is that of squared expectations, `scatter` that of squared errors.
    """

    expected: float
    came: float
    squares: float
    scatter: float

    @classmethod
    def of(cls, expected: np.ndarray, came: np.ndarray) -> Miss:
        """The miss of expected and actual orders, float64 [customers]."""
        return cls(
            float(expected.sum()),
            float(came.sum()),
            float(np.square(expected).sum()),
            float(np.sum((came - expected) ** 2)),
        )


@dataclass(frozen=True)
class Followed:
    """One test window of a group: `expected` orders float64 [customers] over the whole horizon, `share` of them by the
    end of each step and orders that `came` by then, both float64 [customers, steps]; `others` are the misses of the
    same group at other test cutoffs."""

    expected: np.ndarray
    share: np.ndarray
    came: np.ndarray
    others: Sequence[Miss]


@dataclass(frozen=True)
class Track:
    """Orders that came, that were expected, and the 80 % interval, cumulated over all steps of all windows, float64
    [steps]; `low` and `high` are None where under two other tests say how far totals miss."""

    came: np.ndarray
    expected: np.ndarray
    low: np.ndarray | None
    high: np.ndarray | None


def track(windows: Sequence[Followed]) -> Track:
    """Windows that do not overlap, oldest first, one after the other.

    The interval holds two things, both learned at the other test cutoffs of each window. Customers' chance: the orders
    of a customer of whom m are expected scatter with variance m + a m^2, one from another independently. The common
    shock (a season, a campaign, a model whose level is off): the mean square of the others' relative errors of the
    total, without what chance explains; taken as one and the same through all windows, and widened by Student's t for
    the few tests that it is drawn from. It does not hold: that the shock may grow from test to test; that windows of
    neighbouring tests may share days, so that they know a part of each other; customers who buy together.
    """
    came, expected, chance, shock = (np.zeros(1) for _ in range(4))
    known = bool(windows) and all(len(window.others) >= FEWEST_OTHERS for window in windows)
    for window in windows:
        by_step = window.expected[:, None] * window.share
        mean = by_step.sum(axis=0)
        a = overdispersion(window.others) if known else 0.0
        came = np.append(came, came[-1] + window.came.sum(axis=0))
        expected = np.append(expected, expected[-1] + mean)
        chance = np.append(chance, chance[-1] + mean + a * np.square(by_step).sum(axis=0))
        shock = np.append(shock, shock[-1] + mean * (common_shock(window.others) if known else 0.0))
    if not known:
        return Track(came[1:], expected[1:], None, None)
    low, high = (_quantile(level, expected[1:], chance[1:] + np.square(shock[1:])) for level in (LOW, HIGH))
    return Track(came[1:], expected[1:], low, high)


def overdispersion(misses: Sequence[Miss]) -> float:
    """a of variance m + a m^2, by moments, 0 or more."""
    squares = sum(miss.squares for miss in misses)
    beyond = sum(miss.scatter - miss.expected for miss in misses)
    return max(beyond / squares, 0.0) if squares > 0 else 0.0


def common_shock(misses: Sequence[Miss]) -> float:
    """The standard deviation of totals around their forecasts, as a share of those, beyond customers' chance; it is
    scaled so that normal quantiles of it are Student's of as many tests."""
    told = [miss for miss in misses if miss.expected > 0]
    if not told:
        return 0.0
    a = overdispersion(told)
    beyond = [((m.came - m.expected) ** 2 - m.expected - a * m.squares) / m.expected**2 for m in told]
    from scipy.stats import norm, t  # noqa: PLC0415 (judging needs NumPy alone)

    return math.sqrt(max(float(np.mean(beyond)), 0.0)) * float(t.ppf(HIGH, len(told)) / norm.ppf(HIGH))


def _quantile(level: float, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """A quantile of the negative binomial of this mean and variance; Poisson's where it is no wider than that."""
    mean = np.maximum(mean, 1e-9)
    wider = np.maximum(variance, mean * (1 + 1e-6))
    from scipy.stats import nbinom, poisson  # noqa: PLC0415 (judging needs NumPy alone)

    counts = nbinom.ppf(level, mean**2 / (wider - mean), mean / wider)
    return np.asarray(np.where(variance > mean * (1 + 1e-6), counts, poisson.ppf(level, mean)))
