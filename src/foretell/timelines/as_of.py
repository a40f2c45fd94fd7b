"""The as-of view: what was known of every customer of a batch just before a cutoff, and nothing else.

A feature is a function of this view. Every answer is taken over rows before the cutoff, so whoever
writes a feature cannot see the future through it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foretell.project.intervals import MICROSECONDS_PER_DAY, days
from foretell.timelines.facts import Facts

WINDOWS_DAYS = (7, 14, 30, 60, 90, 180, 365)


@dataclass(frozen=True)
class Population:
    """What a view knows of all customers together, at its cutoff: when the log begins, and the 95th
    percentile and the median of the days between two orders (NaN where nobody ordered twice)."""

    log_start: int
    gap_days_p95: float
    gap_days_median: float


class Past:
    """One kind of fact before the cutoff. Windows are `[cutoff - since, cutoff - until)` in days of
    24 hours; `since=None` is for life. One entry a customer in every answer."""

    def __init__(self, facts: Facts, cutoff: int, positions: Mapping[int, np.ndarray]) -> None:
        self._facts = facts
        self._cutoff = cutoff
        self._positions = dict(positions)
        self._end = self._position(cutoff)
        self._start = facts.offsets[:-1]

    def _position(self, moment: int) -> np.ndarray:
        if moment not in self._positions:
            self._positions[moment] = self._facts.positions(np.array([moment]))[0]
        return self._positions[moment]

    def _window(self, since: float | None, until: float) -> tuple[np.ndarray, np.ndarray]:
        start = self._start if since is None else self._position(self._cutoff - days(since))
        return start, (self._end if until == 0 else self._position(self._cutoff - days(until)))

    def count(self, since: float | None = None, until: float = 0) -> np.ndarray:
        """int64: facts in the window."""
        start, end = self._window(since, until)
        return end - start

    def total(self, column: str, since: float | None = None, until: float = 0) -> np.ndarray:
        """int64: the exact sum of an integer column over the window; 0 without facts."""
        start, end = self._window(since, until)
        sums = self._facts.prefix(column)
        return sums[end] - sums[start]

    def last(self, column: str, back: int = 0) -> np.ndarray:
        """float64: the value of the last fact, or of the one `back` before it; NaN without one."""
        return self._at(column, self._end - 1 - back)

    def first(self, column: str, ahead: int = 0) -> np.ndarray:
        """float64: the value of the first fact ever, or of the one `ahead` after it; NaN without one."""
        return self._at(column, self._start + ahead)

    def days_since(self, moment: np.ndarray) -> np.ndarray:
        """float64: days from moments (microseconds as float64, NaN stays NaN) to the cutoff."""
        return (self._cutoff - moment) / MICROSECONDS_PER_DAY

    def maximum(self, column: str, since: float | None = None, until: float = 0) -> np.ndarray:
        """float64: the largest value in the window; NaN without facts."""
        return self._reduced(np.maximum, self._facts.columns[column], since, until)

    def minimum(self, column: str, since: float | None = None, until: float = 0) -> np.ndarray:
        """float64: the smallest value in the window; NaN without facts."""
        return self._reduced(np.minimum, self._facts.columns[column], since, until)

    def quantile(self, column: str, share: float) -> np.ndarray:
        """float64: the lower `share` quantile of the column for life (the value of rank
        `floor(share x (count - 1))`), negative values left out as null; NaN without any."""
        rows = self._facts.ascending(column)
        customer, values = self._facts.customer[rows], self._facts.columns[column][rows]
        visible = (rows < self._end[customer]) & (values >= 0)
        counts = np.bincount(customer[visible], minlength=self._facts.customers)
        return _picked(values[visible], counts, np.floor(share * np.maximum(counts - 1, 0)).astype(np.int64))

    def distinct(self, column: str, since: float | None = None, until: float = 0) -> np.ndarray:
        """int64: distinct values of the column in the window; nulls (0) do not count."""
        if since is None and until == 0:
            return self.total(f"new_{column}")
        end = self._window(since, until)[1]
        last_seen = self._facts.columns[f"next_{column}"] >= end[self._facts.customer]
        counted = (last_seen & (self._facts.columns[column] != 0)).astype(np.int64)
        return np.nan_to_num(self._reduced(np.add, counted, since, until)).astype(np.int64)

    def decayed(self, half_life_days: float, column: str | None = None) -> np.ndarray:
        """float64: facts (or the column) summed with a weight that halves every `half_life_days`,
        by whole days of age; 0 without facts."""
        visible = np.arange(len(self._facts)) < self._end[self._facts.customer]
        age = np.where(visible, (self._cutoff - self._facts.happened_at) // MICROSECONDS_PER_DAY, 0)
        weights = np.exp2(-np.arange(int(age.max(initial=0)) + 1) / half_life_days)[age]
        worth = weights if column is None else weights * self._facts.columns[column]
        return np.nan_to_num(self._reduced(np.add, worth, None, 0))

    def _at(self, column: str, position: np.ndarray) -> np.ndarray:
        there = (position >= self._start) & (position < self._end)
        found = np.full(len(position), np.nan)
        found[there] = self._facts.columns[column][position[there]]
        return found

    def _reduced(self, operation: np.ufunc, values: np.ndarray, since: float | None, until: float) -> np.ndarray:
        start, end = self._window(since, until)
        filled = end > start
        bounds = np.column_stack([start[filled], end[filled]]).ravel()
        result = np.full(len(start), np.nan)
        if len(bounds):
            padded = np.append(values, values[-1:])
            result[filled] = operation.reduceat(padded, bounds)[::2]
        return result


@dataclass(frozen=True)
class AsOf:
    """A batch of customers seen just before `cutoff`. `orders` are orders; `adjustments` are refunds
    and late lines of an order, money without a new order; `lines` are order lines."""

    cutoff: int
    population: Population
    orders: Past
    adjustments: Past
    lines: Past

    @property
    def customers(self) -> int:
        return len(self.orders.count())


def _picked(values: np.ndarray, counts: np.ndarray, rank: np.ndarray) -> np.ndarray:
    starts = np.cumsum(counts) - counts
    picked = np.full(len(counts), np.nan)
    some = counts > 0
    picked[some] = values[(starts + rank)[some]]
    return picked
