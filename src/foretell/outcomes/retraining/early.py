"""Early outcomes: what a chance over a whole horizon says of its first days, by one rule for every model.

An order comes within a part of the horizon with chance `1 - (1 - p) ** exponent`. With a constant hazard the exponent
is the part of the horizon; it is fitted, since customers whose rhythm is quick order in its first days already.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import minimize_scalar

LEAST_DAYS = 7
PART = 4
LARGEST_FACTOR = 20.0
CERTAIN = 1e-6


def early_days(horizon_days: int) -> int:
    """A quarter of the horizon, at least a week; the horizon itself where it is no longer than that.

    >>> early_days(90), early_days(14), early_days(7)
    (23, 7, 7)
    """
    return min(horizon_days, max(LEAST_DAYS, math.ceil(horizon_days / PART)))


def at_early_days(chance: np.ndarray, exponent: float) -> np.ndarray:
    """The chance of an order in the early days, from that over the horizon.

    >>> at_early_days(np.array([0.0, 0.75]), 0.5).round(3).tolist()
    [0.0, 0.5]
    """
    return -np.expm1(exponent * np.log1p(-np.clip(chance, 0.0, 1 - CERTAIN)))


def fitted_exponent(chance: np.ndarray, ordered: np.ndarray, part: float) -> float:
    """The exponent under which chances over a horizon told best who had `ordered` (bool) in the first `part` of it:
    maximum likelihood, within a factor of 20 of the constant hazard; `part` itself where nobody or everybody did."""
    if not len(chance) or ordered.all() or not ordered.any():
        return part

    def loss(log_exponent: float) -> float:
        return float(log_losses(at_early_days(chance, math.exp(log_exponent)), ordered).mean())

    middle, reach = math.log(part), math.log(LARGEST_FACTOR)
    return math.exp(minimize_scalar(loss, bounds=(middle - reach, middle + reach), method="bounded").x)


def log_losses(chance: np.ndarray, came: np.ndarray) -> np.ndarray:
    """The log loss of each forecast, float64; a chance of 0 or 1 counts as one that is `CERTAIN` off it."""
    told = np.clip(chance, CERTAIN, 1 - CERTAIN)
    return np.asarray(-np.where(came, np.log(told), np.log1p(-told)))
