"""How spend scatters around its forecast: nothing with chance 1 - p, else what buyers spend.

    P(spend <= x) = 1 - p + p F(x)
    log(spend of a buyer) = log(m / p) + level + s e - log E[exp(s e)],    log s linear in log m

with the chance p of an order and the mean spend m of the models that serve, and F told by buyers of past cutoffs, whose
forecasts were made without them. The errors e are those of all of them together, and wider by what all buyers of one
window share; s says how far spend scatters at a size of forecast. Since exp(s e) is divided by its mean, what buyers
spend is the same multiple of m / p at every size: the forecast tells the mean, the past how far spend lies from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from foretell.btyd.summary import CannotFit

FEWEST_BUYERS = 20
RANKS = np.arange(1, 200) / 200
NORMAL = np.array([NormalDist().inv_cdf(rank) for rank in RANKS])
SMALLEST = 1e-9
RIDGE = 30.0
"""As many buyers speak for one spread at all sizes."""
LEAST_HEARD = 0.05
"""The share of the usual miss that the smallest ones count as: a logarithm would hear of nothing but them."""
WIDEST = 3.5
SHARED = 0.3
"""Deviation of the error that all buyers of a window share, beyond what past windows showed; chosen, like `RIDGE`, on
39 cases of three public logs."""
ROUNDS = 6
POINTS = 33


@dataclass(frozen=True)
class SpendDistribution:
    """`errors` are float64 [199], the e of buyers at the ranks .005 to .995. At each of `sizes`, rising logs of a mean
    forecast, float64 [two or more], `spreads` tells s, and `levels` level - log E[exp(s e)]; between them both are
    read along straight lines, beyond them they stay."""

    sizes: np.ndarray
    spreads: np.ndarray
    levels: np.ndarray
    errors: np.ndarray

    def quantile(self, p_purchase: np.ndarray, expected_spend: np.ndarray, level: float) -> np.ndarray:
        """float64 [customers], currency: the spend that is not exceeded with chance `level`; 0 up to 1 - p."""
        chance = np.clip(p_purchase, SMALLEST, 1.0)
        among_buyers = (level - (1.0 - chance)) / chance
        size = np.log(np.maximum(expected_spend, SMALLEST))
        error = np.interp(among_buyers, RANKS, self.errors)
        log_ratio = np.interp(size, self.sizes, self.levels) + np.interp(size, self.sizes, self.spreads) * error
        return np.where(among_buyers > 0, expected_spend / chance * np.exp(log_ratio), 0.0)


def fit(p_purchase: np.ndarray, expected_spend: np.ndarray, actual_spend: np.ndarray) -> SpendDistribution:
    """Learn from forecasts of past cutoffs and what happened, float64 [rows] each; raises `CannotFit` for under
    `FEWEST_BUYERS` buyers."""
    buyers = (actual_spend > 0) & (expected_spend > SMALLEST)
    if buyers.sum() < FEWEST_BUYERS:
        raise CannotFit(f"only {int(buyers.sum())} forecasts of customers who then bought; {FEWEST_BUYERS} are needed")
    mean, chance = expected_spend[buyers], np.clip(p_purchase[buyers], SMALLEST, 1.0)
    log_ratio, size = np.log(actual_spend[buyers]) - np.log(mean / chance), np.log(mean)
    spread = np.full(len(size), max(float(np.std(log_ratio)), SMALLEST))
    errors = (log_ratio - np.median(log_ratio)) / spread
    for _ in range(ROUNDS):
        excess = _log_mean(errors, spread)
        level = float(np.median(log_ratio + excess))
        missed = log_ratio + excess - level
        spread = _spread_along(size, missed)
        scale = max(float(np.std(missed / spread)), SMALLEST)
        spread = np.clip(spread * scale, SMALLEST, WIDEST)
        errors = missed / spread
    least, most = int(size.argmin()), int(size.argmax())
    sizes = np.linspace(size[least], size[most], POINTS)
    spreads = np.geomspace(spread[least], spread[most], POINTS)
    return SpendDistribution(sizes, spreads, level - _log_mean(errors, spreads), _shaken(errors))


def _spread_along(size: np.ndarray, missed: np.ndarray) -> np.ndarray:
    """float64 [buyers]: how far spend scatters at each size, in a unit of its own: the line along the logarithms of the
    misses."""
    heard = np.log(np.maximum(np.abs(missed), LEAST_HEARD * np.std(missed) + SMALLEST))
    away = (size - size.mean()) / max(float(np.std(size)), SMALLEST)
    slope = away @ (heard - heard.mean()) / (away @ away + RIDGE)
    return np.asarray(np.exp(heard.mean() + slope * away))


def _log_mean(errors: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """log E[exp(s e)] for each spread s, float64 as long as `spread`."""
    some, known = np.quantile(errors, RANKS), np.linspace(0.0, WIDEST, 71)
    return np.asarray(np.interp(spread, known, np.log(np.exp(known[:, None] * some).mean(axis=1))))


def _shaken(errors: np.ndarray) -> np.ndarray:
    """float64 [199]: the errors at their ranks, each with what all buyers of a window share."""
    return np.quantile(np.add.outer(np.quantile(errors, RANKS), SHARED * NORMAL), RANKS)
