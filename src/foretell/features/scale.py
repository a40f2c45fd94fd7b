"""The scale on which values of a feature are compared: by their logarithm, shares and ratios as they are."""

from __future__ import annotations

import numpy as np

from foretell.features.registry import unit_of

STRAIGHT_UNITS = frozenset({"share", "ratio", "log ratio", "log money", "hours", "flag", "code"})


def logged(values: np.ndarray, name: str) -> np.ndarray:
    """float64: log(1 + value), negative ones as 0; shares and ratios as they are. NaN stays.

    >>> logged(np.array([np.e - 1, -5.0]), "spend_365d").tolist(), logged(np.array([-5.0]), "orders_trend_90d").tolist()
    ([1.0, 0.0], [-5.0])
    """
    values = np.asarray(values, dtype=np.float64)
    return values if unit_of(name) in STRAIGHT_UNITS or not unit_of(name) else np.log1p(np.maximum(values, 0))


def robust_deviation(values: np.ndarray) -> float:
    """The interquartile range in units of a normal distribution; where half are equal, from the mean deviation."""
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0
    quartiles = np.quantile(known, [0.25, 0.75])
    return float((quartiles[1] - quartiles[0]) / 1.349 or np.abs(known - np.median(known)).mean() * 1.2533)
