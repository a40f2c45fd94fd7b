"""Headcounts: how many customers a segment will hold, with an interval for chance and for what moves everybody at once.

The number in a segment is a sum of independent yes-or-no, with variance sum of P (1 - P); beyond that, all customers
share a shock (a season, a campaign, the weather), whose size is learned from the errors of past forecasts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

LEVEL = 0.8
SHOCKS = np.concatenate([[0.0], np.geomspace(0.01, 2.0, 60)])
UNTESTED_SHOCK = 0.25
LEAST_VARIANCE = 1.0
LEAST_EXPECTED = 5.0
TAIL = 4.0
"""Degrees of freedom of the errors from which the shock is learned: one segment that went astray does not decide."""


@dataclass(frozen=True)
class Headcount:
    """float64 [segments]: the expected number with its interval of 80 %."""

    expected: np.ndarray
    low: np.ndarray
    high: np.ndarray


def chance_variance(probability: np.ndarray) -> np.ndarray:
    """float64 [segments] of float64 [customers, segments]: the variance of the numbers by chance alone."""
    return np.asarray((probability * (1 - probability)).sum(axis=0, dtype=np.float64))


def common_shock(expected: np.ndarray, variance: np.ndarray, came: np.ndarray) -> float:
    """The standard deviation of the shared relative error: the likeliest, with errors of variance
    `variance + shock^2 expected^2` and the tails of Student's t, over float64 [past forecasts, segments]; segments of
    which fewer than five customers are expected tell nothing of it. A quarter where none tells anything."""
    told = expected >= LEAST_EXPECTED
    if not told.any():
        return UNTESTED_SHOCK
    expected, variance, came = expected[told], variance[told], came[told]
    spread = np.maximum(variance, LEAST_VARIANCE) + (SHOCKS[:, None] * expected) ** 2
    square = (came - expected) ** 2 / spread
    likelihood = -0.5 * (np.log(spread) + (TAIL + 1) * np.log1p(square / TAIL)).sum(axis=1)
    return float(SHOCKS[np.argmax(likelihood)])


def headcount(expected: np.ndarray, variance: np.ndarray, shock: float, past: int) -> Headcount:
    """The interval of Student's t with as many degrees of freedom as `past` forecasts told the shock (one at least)."""
    spread = np.sqrt(np.maximum(variance, LEAST_VARIANCE) + (shock * expected) ** 2)
    width = float(stdtrit(max(past, 1), (1 + LEVEL) / 2)) * spread
    return Headcount(expected, np.maximum(expected - width, 0.0), expected + width)


def coverage(expected: np.ndarray, variance: np.ndarray, came: np.ndarray) -> float | None:
    """The share of numbers inside the interval of `LEVEL` whose shock the other cutoffs taught."""
    if len(expected) < 2:
        return None
    inside = []
    for place in range(len(expected)):
        others = np.arange(len(expected)) != place
        shock = common_shock(expected[others], variance[others], came[others])
        found = headcount(expected[place], variance[place], shock, int(others.sum()))
        inside.append((found.low <= came[place]) & (came[place] <= found.high))
    return float(np.mean(inside))
