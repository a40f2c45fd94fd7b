"""The two baselines that need no model: the last order plus the own median gap, and everybody's gaps by order count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.examples.examples import Examples
from foretell.forecasts.next_order.curve import KNOTS, ReturnCurve, curve_of
from foretell.forecasts.next_order.rhythm import usual_of
from foretell.forecasts.next_order.rows import CAME_BACK, WAIT_DAYS

ORDER_COUNTS = (2, 3, 5, 9)
"""Kinds of customers by purchase days: 1, 2, 3 to 4, 5 to 8, 9 and more."""
FEWEST_AT_RISK = 20
TAIL_DAYS = 30


def days_by_own_gap(examples: Examples) -> np.ndarray:
    """float64 [rows]: days from the cutoff to the last order plus the own median gap (the median of all customers
    where there is none), 0 where that day has passed. NaN where nobody has bought on two days."""
    own = examples.feature("gap_days_median")
    gap = np.where(np.isfinite(own), own, usual_of(examples).gap_days)
    return np.asarray(np.maximum(gap - examples.facts["days_since_last"], 0.0))


@dataclass(frozen=True)
class GapsByOrderCount:
    """Kaplan-Meier of the days between two orders, by how many purchase days lie before; `cumulative_hazard` is float64
    [kinds, days + 1], `tail` the hazard of a day beyond, [kinds]. The hazard is levelled out between `KNOTS`, or days
    of the gap on which nobody happened to order would be impossible."""

    cumulative_hazard: np.ndarray
    tail: np.ndarray

    def curve(self, examples: Examples, days: np.ndarray = KNOTS) -> ReturnCurve:
        """The return curve of every row, given the silence so far."""
        kind, since = _kind(examples), np.floor(np.maximum(examples.facts["days_since_last"], 0.0))
        hazards = np.stack([self._until(kind, since + day) for day in days], axis=1)
        return curve_of(days, np.diff(hazards, axis=1))

    def _until(self, kind: np.ndarray, gap_days: np.ndarray) -> np.ndarray:
        last = self.cumulative_hazard.shape[1] - 1
        whole = np.minimum(gap_days, last).astype(np.int64)
        return np.asarray(self.cumulative_hazard[kind, whole] + self.tail[kind] * np.maximum(gap_days - last, 0.0))


def fit_gaps_by_order_count(landmarks: Examples) -> GapsByOrderCount:
    """Learn from waits: a customer enters at the days since the last order (delayed entry, or those who had long come
    back would be missing) and leaves at the next order or, censored, at the end of what was watched. A kind with
    fewer than `FEWEST_AT_RISK` rows takes the gaps of all."""
    kinds = len(ORDER_COUNTS) + 1
    entry = np.floor(np.maximum(landmarks.facts["days_since_last"], 0.0)).astype(np.int64)
    came = landmarks.labels[CAME_BACK] > 0
    leave = entry + landmarks.labels[WAIT_DAYS].astype(np.int64)
    days = int(leave.max(initial=0)) + 2
    hazard, tail = np.zeros((kinds, days + 1)), np.zeros(kinds)
    kind = _kind(landmarks)
    for one in range(kinds):
        rows = kind == one
        if rows.sum() < FEWEST_AT_RISK:
            rows = np.ones(len(kind), dtype=bool)
        ordered = np.bincount(leave[rows & came], minlength=days)[:days]
        entered = np.cumsum(np.bincount(entry[rows], minlength=days))
        at_risk = entered - np.cumsum(np.bincount(leave[rows] + came[rows], minlength=days))[:days]
        known = np.flatnonzero(at_risk >= FEWEST_AT_RISK)
        end = int(known[-1]) + 1 if len(known) else days
        last = slice(max(end - TAIL_DAYS, 0), end)
        tail[one] = ordered[last].sum() / max(at_risk[last].sum(), 1)
        stretch = np.searchsorted(KNOTS, np.arange(days), side="right")
        rate = np.bincount(stretch, ordered) / np.maximum(np.bincount(stretch, at_risk), 1)
        a_day = np.minimum(rate[stretch], 0.99)
        a_day[end:] = min(tail[one], 0.99)
        hazard[one, 1:] = np.cumsum(-np.log1p(-a_day))
    return GapsByOrderCount(hazard, tail)


def _kind(examples: Examples) -> np.ndarray:
    return np.digitize(np.asarray(examples.facts["purchase_days"], dtype=np.float64), ORDER_COUNTS)
