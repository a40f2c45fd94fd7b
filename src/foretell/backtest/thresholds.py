"""From which probability on a customer is counted as selected."""

from __future__ import annotations

import numpy as np

from foretell.backtest.curves import threshold_curve


def best_f1_threshold(predicted: np.ndarray, actual: np.ndarray) -> float | None:
    """The threshold, for `predicted >= threshold`, with the greatest F1 on earlier cutoffs; None if of one class.

    `predicted` in [0, 1] and `actual` (0 or 1) are float64 [rows]. It lies halfway between the last score selected
    and the first that is not, so that a hair's difference on later cutoffs does not move a group of customers. Of
    several equally good thresholds the highest serves, which selects the fewest.

    >>> best_f1_threshold(np.array([0.9, 0.6, 0.4, 0.2]), np.array([1.0, 1.0, 0.0, 0.0]))
    0.5
    """
    if not 0 < actual.sum() < len(actual):
        return None
    curve = threshold_curve(predicted, actual, points=None)
    best = int(np.argmax(curve.f1))
    next_lower = curve.threshold[best + 1] if best + 1 < len(curve.threshold) else curve.threshold[best]
    return float((curve.threshold[best] + next_lower) / 2)
