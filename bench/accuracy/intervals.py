"""Whether the intervals of spend were right: where outcomes lay in the distributions that the scores tell."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from foretell.backtest.metrics.distribution_metrics import randomised_pit
from foretell.backtest.metrics.ranking import divided, equal_mass_bins

SEED = 0
QUANTILES = {
    "spend_low_90": 0.05,
    "spend_low": 0.1,
    "spend_low_50": 0.25,
    "median_spend": 0.5,
    "spend_high_50": 0.75,
    "spend_high": 0.9,
    "spend_high_90": 0.95,
}
"""What the scores say of a customer's spend, beside the chance of an order, and the level of each."""
FIFTHS = tuple(f"share_above_high_fifth_{number}" for number in range(1, 6))
PIT_DISTANCE = "pit_distance"
OF_DISTRIBUTION = (*FIFTHS, PIT_DISTANCE)


def distribution_metrics(forecasts: Mapping[str, np.ndarray], actual: np.ndarray, keys: np.ndarray) -> dict[str, float]:
    """The share above the high end of the 80 % interval in each fifth of expected spend, lowest first, NaN for an empty
    one; and how far the randomised probability integral transform is from uniform: the largest distance of its
    distribution function, 0 to 1."""
    by_fifth = share_above_high_by_fifth(forecasts["spend"], actual, forecasts["spend_high"])
    u = np.sort(randomised_pit(*bounds(forecasts, actual), keys, SEED))
    ranks = np.arange(len(u) + 1) / max(len(u), 1)
    distance = float(max(np.max(ranks[1:] - u), np.max(u - ranks[:-1]))) if len(u) else float("nan")
    return {**dict(zip(FIFTHS, map(float, by_fifth), strict=True)), PIT_DISTANCE: distance}


def bounds(forecasts: Mapping[str, np.ndarray], actual: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """P(spend < actual) and P(spend <= actual) as far as the scores tell, float64 [customers] each.

    Nothing is spent with the chance of no order; a sum lies between the levels of the quantiles around it.
    """
    no_order = 1.0 - forecasts["purchase"]
    below, up_to = no_order.copy(), np.ones(len(actual))
    for name, level in QUANTILES.items():
        below = np.where(forecasts[name] < actual, np.maximum(below, level), below)
        up_to = np.where(forecasts[name] >= actual, np.minimum(up_to, level), up_to)
    nothing = actual <= 0
    return np.where(nothing, 0.0, below), np.where(nothing, no_order, np.maximum(up_to, below))


def share_above_high_by_fifth(predicted: np.ndarray, actual: np.ndarray, high: np.ndarray) -> np.ndarray:
    """P(actual > high) in each fifth of customers by forecast, lowest first: float64 [5], NaN for an empty fifth.

    Zeros are always covered by an interval that begins at zero; this is where an upper end that is too low shows.
    """
    fifth = equal_mass_bins(predicted, 5)
    return divided(np.bincount(fifth, actual > high, 5), np.bincount(fifth, minlength=5).astype(np.float64))
