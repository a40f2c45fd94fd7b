"""The return curve: for every customer, the chance that the next order has come by a day. It need not reach 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

FURTHEST_DAYS = 730.0
KNOTS = np.array(
    [0, 1, 2, 3, 5, 7, 10, 14, 21, 28, 35, 45, 60, 75, 90, 120, 150, 180, 240, 300, 365, 450, 540, 635, FURTHEST_DAYS]
)
"""Days from the as-of date between which the hazard is constant."""
LEAST_HAZARD_A_DAY = 1e-12
HIGHEST_CHANCE = 1.0 - 1e-12
FADING_DAYS = 365.0


@dataclass(frozen=True)
class ReturnCurve:
    """A defective distribution of the days to the next order, one row a customer.

    `days` is float64 [knots], ascending from 0, and holds `FURTHEST_DAYS`; `cumulative_hazard` is float64
    [rows, knots], from 0, strictly rising, linear between knots: F(t) = 1 - exp(-cumulative hazard at t). What F lacks
    of 1 after `FURTHEST_DAYS` is the chance of no repeat.
    """

    days: np.ndarray
    cumulative_hazard: np.ndarray

    @property
    def p_no_repeat(self) -> np.ndarray:
        """float64 [rows]: the chance of no order within `FURTHEST_DAYS`."""
        return self.silent_until(FURTHEST_DAYS)

    def silent_until(self, days: float | np.ndarray) -> np.ndarray:
        """float64 [rows]: the chance of no order before so many days, one number for all or one a row; beyond the last
        knot the last hazard goes on."""
        return np.asarray(np.exp(-self._hazard_until(np.asarray(days, dtype=np.float64))))

    def came_by(self, days: float | np.ndarray) -> np.ndarray:
        """float64 [rows]: F, the chance of an order before so many days."""
        return np.asarray(-np.expm1(-self._hazard_until(np.asarray(days, dtype=np.float64))))

    def quantile(self, share: float, within: float = FURTHEST_DAYS) -> np.ndarray:
        """float64 [rows]: the day by which that share of returns has come, given a return within so many days:
        F(t) = share x F(within); between 0 and `within`, never NaN."""
        reached = -np.log1p(-share * self.came_by(within))
        before = (self.cumulative_hazard <= reached[:, None]).sum(axis=1) - 1
        at = np.clip(before, 0, len(self.days) - 2)
        rows = np.arange(len(at))
        low, high = self.cumulative_hazard[rows, at], self.cumulative_hazard[rows, at + 1]
        part = np.clip((reached - low) / np.maximum(high - low, np.finfo(np.float64).tiny), 0.0, 1.0)
        return np.minimum(self.days[at] + part * (self.days[at + 1] - self.days[at]), within)

    def through(self, p_purchase: Mapping[int, np.ndarray]) -> ReturnCurve:
        """The curve bent so that F(horizon) is `p_purchase[horizon]` (float64 [rows], days) at every given horizon.

        Up to each horizon the hazard since the one before is scaled by one factor a customer, so the shape stays and F
        still rises. After the last horizon the factor of all that is known fades geometrically to 1 within a year, as
        in lifetime value: what the chance knows of the horizon is not known for ever. A chance below that of a shorter
        horizon is taken as equal to it; NaN leaves the customer's curve as it is. ValueError where a horizon is no
        knot: ask for the curve with `knots_with`.
        """
        hazard = self.cumulative_hazard.copy()
        begin, reached = 0, np.zeros(len(hazard))
        factor = np.ones(len(hazard))
        for horizon in sorted(p_purchase):
            end = int(np.searchsorted(self.days, horizon))
            if end >= len(self.days) or self.days[end] != horizon or not end:
                raise ValueError(f"{horizon} days are no knot of this curve")
            given = np.clip(np.asarray(p_purchase[horizon], dtype=np.float64), 0.0, HIGHEST_CHANCE)
            known = np.isfinite(given)
            own = self.cumulative_hazard[:, begin : end + 1] - self.cumulative_hazard[:, [begin]]
            wanted = np.where(known, np.maximum(-np.log1p(-np.where(known, given, 0.0)), reached), reached + own[:, -1])
            step = wanted - reached
            hazard[:, begin : end + 1] = reached[:, None] + own * (step / own[:, -1])[:, None]
            hazard[:, end] = wanted
            factor = wanted / self.cumulative_hazard[:, end]
            begin, reached = end, wanted
        if begin:
            middle = (self.days[begin:-1] + self.days[begin + 1 :]) / 2.0
            held = np.maximum(1.0 - (middle - self.days[begin]) / FADING_DAYS, 0.0)
            after = np.diff(self.cumulative_hazard[:, begin:], axis=1) * factor[:, None] ** held
            hazard[:, begin + 1 :] = hazard[:, [begin]] + np.cumsum(after, axis=1)
        return ReturnCurve(self.days, hazard)

    def _hazard_until(self, days: np.ndarray) -> np.ndarray:
        at = np.clip(np.searchsorted(self.days, days, side="right") - 1, 0, len(self.days) - 2)
        part = (days - self.days[at]) / (self.days[at + 1] - self.days[at])
        rows = np.arange(len(self.cumulative_hazard))
        low, high = self.cumulative_hazard[rows, at], self.cumulative_hazard[rows, at + 1]
        return np.asarray(np.where(part == 1.0, high, low + part * (high - low)))


def knots_with(horizons: Mapping[int, object]) -> np.ndarray:
    """float64: the knots, and the given horizons (days) among them."""
    return np.union1d(KNOTS, [float(horizon) for horizon in horizons])


def curve_of(days: np.ndarray, hazards: np.ndarray) -> ReturnCurve:
    """The curve of hazards between knots, float64 [rows, knots - 1]: each at least `LEAST_HAZARD_A_DAY` a day."""
    raised = np.maximum(hazards, LEAST_HAZARD_A_DAY * np.diff(days))
    return ReturnCurve(days, np.concatenate([np.zeros((len(hazards), 1)), np.cumsum(raised, axis=1)], axis=1))
