"""A ratio that knows when there is nothing to divide by."""

from __future__ import annotations

import numpy as np


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """float64: `part / whole`, null (NaN) where `whole` is 0.

    >>> ratio(np.array([1, 2]), np.array([4, 0]))
    array([0.25,  nan])
    """
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole != 0)
