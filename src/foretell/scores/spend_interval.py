"""Quantiles of spend from its moments alone, where no outcome was there to learn how it scatters."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

ORDER_VALUE_VARIATION = 1.0


def moment_quantile(p_purchase: np.ndarray, orders: np.ndarray, spend: np.ndarray, level: float) -> np.ndarray:
    """The spend that is not exceeded with chance `level`, float64 [customers].

    Nothing with chance `1 - p_purchase`; else log-normal with mean `spend / p_purchase`, and the variation of a sum of
    `orders / p_purchase` orders whose value varies by as much as its mean, a Poisson number of them.

    >>> float(moment_quantile(np.array([0.05]), np.array([0.05]), np.array([5.0]), 0.9)[0])
    0.0
    """
    chance = np.clip(p_purchase, 1e-9, 1.0)
    count = np.maximum(orders / chance, 1.0)
    variance = np.log1p((1.0 + ORDER_VALUE_VARIATION**2) / count)
    among_buyers = np.clip((level - (1.0 - chance)) / chance, 0.0, 1 - 1e-9)
    quantile = spend / chance * np.exp(np.sqrt(variance) * ndtri(np.maximum(among_buyers, 1e-9)) - variance / 2)
    return np.where(among_buyers > 0, quantile, 0.0)
