"""A ratio of two sums, such as spend an order, whose denominator the treatment may move too.

The delta method (Deng, Knoblich and Lu, KDD 2018): each unit counts with the value that it moves the ratio by, so that
a ratio of sums over units is a mean over units, and everything that holds for means holds for it.
"""

from __future__ import annotations

import numpy as np


def ratio_values(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray | None:
    """float64 [units], whose mean is the ratio of the two sums in one arm; None where the denominator's sum is not
    above 0."""
    below = float(denominator.mean()) if len(denominator) else 0.0
    if below <= 0:
        return None
    ratio = float(numerator.mean()) / below
    return np.asarray(ratio + (numerator - ratio * denominator) / below)
