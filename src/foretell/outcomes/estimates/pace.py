"""Pace: what is still to be expected of a window of which a part has passed, by what has come in that part.

Past windows tell a clock: which share of a window's orders has usually come by a day. What came by that day, beside
what the forecast expected by then, tells a pace, which the rest of the window keeps in full, by half, or not at all;
which of them it is, past windows tell as well. This sees that customers behave otherwise than the forecast knew.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

WEIGHTS = (0.0, 0.5, 1.0)
"""How much of its pace the rest of a window may keep."""
SLOWEST, FASTEST = 0.25, 4.0
CLOCK = np.linspace(0.0, 1.0, 41)
SUREST = 1 - 1e-12


def expected_buyers(chance: np.ndarray) -> np.ndarray:
    """float64 [41]: how many are expected to have ordered when the clock of a window stands at each of `CLOCK`, by
    chances for the whole window, float64 [customers]: each orders at a constant rate."""
    return np.array([float(share_of(chance, clock).sum()) for clock in CLOCK])


def share_of(chance: np.ndarray, part: float) -> np.ndarray:
    """float64 [customers]: the chance of an order within a part of a window, by that for the whole of it.

    >>> share_of(np.array([0.0, 0.75, 1.0]), 0.5).round(3)
    array([0. , 0.5, 1. ])
    """
    return np.asarray(-np.expm1(part * np.log1p(-np.minimum(chance, SUREST))))


def clock_of_buyers(expected: Sequence[np.ndarray], came: Sequence[float], whole: Sequence[float]) -> float:
    """Where the clock of buyers stands, 0 to 1, after so many `came` in past windows of which each had `whole` at its
    end; `expected` are their curves (`expected_buyers`)."""
    curve, total = np.sum(expected, axis=0), float(np.sum(whole))
    return float(np.interp(np.sum(came) * curve[-1] / total, curve, CLOCK)) if total > 0 else 0.0


def clock_of_totals(came: Sequence[float], whole: Sequence[float]) -> float:
    """The share of orders, or of spend, that had come in past windows."""
    total = float(np.sum(whole))
    return min(max(float(np.sum(came)) / total, 0.0), 1.0) if total > 0 else 0.0


def pace(came: float, expected: float, weight: float) -> float:
    """How many times as much as was forecast is expected of the rest of a window, of which so much came where so much
    was expected; 1 where nothing was.

    >>> pace(50, 100, 1.0), pace(50, 100, 0.0)
    (0.5, 1.0)
    """
    return float(np.clip(came / expected, SLOWEST, FASTEST)) ** weight if expected > 0 else 1.0


def believed(chance: np.ndarray, ordered: np.ndarray, clock: float, weight: float) -> np.ndarray:
    """float64 [customers]: the chance of an order within the window, of whom some have `ordered` (bool) already."""
    rest = (1 - clock) * pace(float(ordered.sum()), float(share_of(chance, clock).sum()), weight)
    return np.where(ordered, 1.0, share_of(chance, rest))


def total(forecast: float, came: float, clock: float, weight: float) -> float:
    """Orders or spend of the whole window, of which so much came.

    >>> total(100, 20, 0.5, 1.0), total(100, 20, 0.5, 0.0)
    (40.0, 70.0)
    """
    return came + forecast * (1 - clock) * pace(came, forecast * clock, weight)
