"""The budget curve: expected profit against what is spent on contacts, and where the next euro stops paying."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.actions.planning.allocation import Options

POINTS = 21
NEAR_ENOUGH = 1e-3
"""Relative gap at which a point of the curve counts as found."""


@dataclass(frozen=True)
class Curve:
    """`spent` and `profit`, float64 [points] each, from nothing to where more stops paying; `spent` counts contacts
    where they cost nothing (`in_money` is False). `next_one` is what the first euro (or contact) brings."""

    spent: np.ndarray
    profit: np.ndarray
    in_money: bool
    next_one: float = 0.0

    @property
    def stops_at(self) -> float:
        """Spent where the next euro stops paying; 0 where none pays."""
        return float(self.spent[-1]) if len(self.spent) else 0.0

    @property
    def best(self) -> float:
        """The profit there."""
        return float(self.profit[-1]) if len(self.profit) else 0.0


def curve_of(options: Options, cost: np.ndarray, capacity: float) -> Curve:
    """The curve of everybody's best options, when those who bring most for their money come first; `options` have two
    uses, money (`cost`, as [options, customers]) and contacts, of which there are at most `capacity`."""
    full = options.allocated([np.inf, capacity])
    in_money = bool(cost.max(initial=0.0) > 0)
    most = full.used[0 if in_money else 1]
    if not most:
        return Curve(np.zeros(0), np.zeros(0), in_money)
    spent = np.linspace(0, most, POINTS)
    limits = [(one, capacity) if in_money else (np.inf, min(one, capacity)) for one in spent[1:-1].tolist()]
    inner = [options.bound(one, NEAR_ENOUGH) for one in limits]
    profit = np.array([0.0, *np.minimum(inner, full.bound), full.bound])
    profit = np.maximum.accumulate(profit)
    return Curve(spent, profit, in_money, float(profit[1] / spent[1]))
