"""An 80 % interval of spend from its moments alone, where no outcome was there to learn quantiles from."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

LEVELS = (0.1, 0.5, 0.9)
ORDER_VALUE_VARIATION = 1.0


def moment_interval(
    p_purchase: np.ndarray, orders: np.ndarray, spend: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Low, median and high of spend, float64 [customers] each.

    Nothing with chance `1 - p_purchase`; else log-normal with mean `spend / p_purchase`, and the variation of a sum of
    `orders / p_purchase` orders whose value varies by as much as its mean, a Poisson number of them.

    >>> low, median, high = moment_interval(np.array([0.05]), np.array([0.05]), np.array([5.0]))
    >>> float(low[0]), float(median[0]), float(high[0])
    (0.0, 0.0, 0.0)
    """
    chance = np.clip(p_purchase, 1e-9, 1.0)
    mean = spend / chance
    count = np.maximum(orders / chance, 1.0)
    variance = np.log1p((1.0 + ORDER_VALUE_VARIATION**2) / count)
    found = []
    for level in LEVELS:
        inside = (level - (1.0 - chance)) / chance
        quantile = mean * np.exp(np.sqrt(variance) * ndtri(np.clip(inside, 1e-9, 1 - 1e-9)) - variance / 2)
        found.append(np.where(inside > 0, quantile, 0.0))
    return found[0], found[1], found[2]
