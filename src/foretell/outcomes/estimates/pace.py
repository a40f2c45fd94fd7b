"""Pace: what is still to be expected of a window of which a part has passed, by what has come in that part.

Past windows tell a clock: which share of a window's orders has usually come by a day. What came by that day, beside
what the forecast expected by then, tells a pace. Past windows tell as well how far the rest of a window has gone at
another pace than its first part; what a pace differs by more than that is believed, the rest is taken for chance. This
sees that customers behave otherwise than the forecast knew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

SLOWEST, FASTEST = 0.25, 4.0
CLOCK = np.concatenate([np.linspace(0.0, 1.0, 43) ** 2, np.linspace(1.0, 2.0, 19)[1:]])
SUREST = 1 - 1e-12


@dataclass(frozen=True)
class Buyers:
    """Customers with chances of an order within a window, float64 [customers], each at a constant rate."""

    chance: np.ndarray

    @cached_property
    def curve(self) -> np.ndarray:
        """float64: how many are expected to have ordered when the clock of a window stands at each of `CLOCK`; at 1 it
        ends."""
        return np.array([float(share_of(self.chance, clock).sum()) for clock in CLOCK])

    def by(self, clock: float) -> float:
        """How many are expected to have ordered by then."""
        return float(np.interp(clock, CLOCK, self.curve))

    def at(self, came: float) -> float:
        """Where the clock would stand if so many had ordered at the rate of the forecast."""
        return float(np.interp(came, self.curve, CLOCK))


def share_of(chance: np.ndarray, part: float) -> np.ndarray:
    """float64 [customers]: the chance of an order within a part of a window, by that for the whole of it.

    >>> share_of(np.array([0.0, 0.75, 1.0]), 0.5).round(3)
    array([0. , 0.5, 1. ])
    """
    return np.asarray(-np.expm1(part * np.log1p(-np.minimum(chance, SUREST))))


def clock_of_buyers(windows: Sequence[Buyers], came: Sequence[float], whole: Sequence[float]) -> float:
    """Where the clock of buyers stands, 0 to 1, after so many `came` in past windows of which each had `whole` at its
    end: where it would stand had as many come in all as were forecast."""
    curve, total = np.sum([one.curve for one in windows], axis=0), float(np.sum(whole))
    forecast = sum(one.by(1.0) for one in windows)
    return min(float(np.interp(np.sum(came) * forecast / total, curve, CLOCK)), 1.0) if total > 0 else 0.0


def clock_of_totals(came: Sequence[float], whole: Sequence[float]) -> float:
    """The share of orders, or of spend, that had come in past windows.

    >>> clock_of_totals([10, 30], [40, 60])
    0.4
    """
    total = float(np.sum(whole))
    return min(max(float(np.sum(came)) / total, 0.0), 1.0) if total > 0 else 0.0


def pace_of(came: float, expected: float) -> float:
    """How many times as much came as was expected, within bounds; 1 where nothing was expected.

    >>> pace_of(50, 100), pace_of(1, 100), pace_of(1, 0)
    (0.5, 0.25, 1.0)
    """
    return float(np.clip(came / expected, SLOWEST, FASTEST)) if expected > 0 else 1.0


def weight_of(change: float, chance: float | None) -> float:
    """How much of a change is believed, 0 to 1, where chance alone makes changes up to some size: the positive part of
    James and Stein's (1961) shrinkage; nothing where it is not known what chance makes (None).

    >>> weight_of(0.5, 0.1), weight_of(0.05, 0.1), weight_of(0.5, None)
    (0.96, 0.0, 0.0)
    """
    return 0.0 if chance is None or not change else max(1 - (chance / change) ** 2, 0.0)
