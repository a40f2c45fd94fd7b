"""The as-of view: what was known of every customer of a batch just before a cutoff, and nothing else.

A feature is a function of this view. Every answer is taken over rows before the cutoff, so whoever
writes a feature cannot see the future through it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from foretell.project.intervals import MICROSECONDS_PER_DAY, days
from foretell.timelines.facts import Facts

WINDOWS_DAYS = (7, 14, 30, 60, 90, 180, 365)


@dataclass(frozen=True)
class Population:
    """What a view knows of all customers together, at its cutoff: when the log begins, the 95th percentile and the
    median of the days between two orders (NaN where nobody ordered twice), and when the facts of other tables begin."""

    log_start: int
    gap_days_p95: float
    gap_days_median: float
    begun: Mapping[str, int] = field(default_factory=dict)


class Past:
    """One kind of fact before the cutoff. Windows are `[cutoff - since, cutoff - until)` in days of
    24 hours; `since=None` is for life. One entry a customer in every answer.

    `facts` may be a function that gives them when they are first asked for; `positions` are those known already.
    """

    def __init__(
        self, facts: Facts | Callable[[], Facts], cutoff: int, positions: Mapping[int, np.ndarray] | None = None
    ) -> None:
        self._given = facts
        self._cutoff = cutoff
        self._positions = positions or {}
        self._found: dict[tuple[object, ...], np.ndarray] = {}
        self._parts: dict[tuple[object, ...], Past] = {}

    @cached_property
    def _facts(self) -> Facts:
        return self._given() if callable(self._given) else self._given

    @cached_property
    def _start(self) -> np.ndarray:
        return self._facts.offsets[:-1]

    @cached_property
    def _end(self) -> np.ndarray:
        return self._position(self._cutoff)

    def _position(self, moment: int) -> np.ndarray:
        known = self._positions.get(moment)
        return self._facts.position(moment) if known is None else known

    def _window(self, since: float | None, until: float) -> tuple[np.ndarray, np.ndarray]:
        start = self._start if since is None else self._position(self._cutoff - days(since))
        return start, (self._end if until == 0 else self._position(self._cutoff - days(until)))

    def _once(self, key: tuple[object, ...], make: Callable[[], np.ndarray]) -> np.ndarray:
        """What was computed for this key before; several features ask for the same sums."""
        if key not in self._found:
            self._found[key] = make()
        return self._found[key]

    def count(self, since: float | None = None, until: float = 0) -> np.ndarray:
        """int64: facts in the window."""
        start, end = self._window(since, until)
        return end - start

    def total(self, column: str, since: float | None = None, until: float = 0) -> np.ndarray:
        """int64: the exact sum of an integer column over the window; 0 without facts."""
        if not len(self._facts):
            return np.zeros(self._facts.customers, dtype=np.int64)
        return self._sum_before(column, 0 if until == 0 else until) - self._sum_before(column, since)

    def _sum_before(self, column: str, back: float | None) -> np.ndarray:
        """The sum before the customer's first row (None) or before so many days back, from the batch's begin."""
        position = (
            self._start if back is None else self._end if back == 0 else self._position(self._cutoff - days(back))
        )
        return self._once(("sum", column, back), lambda: self._facts.prefix(column).take(position))

    def where(self, column: str, *values: int) -> Past:
        """The facts whose column holds one of the values; of a text the values are codes."""
        key = (column, values)
        if key not in self._parts:
            self._parts[key] = Past(lambda: self._facts.where(column, values), self._cutoff)
        return self._parts[key]

    def count_after(self, moment: np.ndarray) -> np.ndarray:
        """int64: facts after a moment of each customer's own (microseconds as float64; NaN: those of life)."""
        return np.maximum(self._end - self._facts.position_after(moment), 0)

    def total_after(self, column: str, moment: np.ndarray) -> np.ndarray:
        """int64: the exact sum of an integer column over the facts that `count_after` counts."""
        start = np.minimum(self._facts.position_after(moment), self._end)
        sums = self._facts.prefix(column)
        return np.asarray(sums.take(self._end) - sums.take(start))

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
        if since is None and until == 0 and (running := self._facts.running_maximum(column)) is not None:
            return self._picked(running, self._end - 1)
        return self._reduced(np.maximum, self._facts.columns[column], since, until)

    def minimum(self, column: str, since: float | None = None, until: float = 0) -> np.ndarray:
        """float64: the smallest value in the window; NaN without facts."""
        return self._reduced(np.minimum, self._facts.columns[column], since, until)

    def quantile(self, column: str, share: float) -> np.ndarray:
        """float64: the lower `share` quantile of the column for life (the value of rank
        `floor(share x (count - 1))`), negative values left out as null; NaN without any."""
        return self._once(("quantile", column, share), lambda: self._quantile(column, share))

    def _quantile(self, column: str, share: float) -> np.ndarray:
        rows, customer, before = self._facts.ascending(column)
        visible = self._once(("visible", column), lambda: rows[rows < self._end.take(customer)])
        counts = before.take(self._end) - before.take(self._start)
        rank = np.floor(share * np.maximum(counts - 1, 0)).astype(np.int64)
        some = counts > 0
        picked = visible[(np.cumsum(counts) - counts + rank)[some]]
        found = np.full(len(counts), np.nan)
        found[some] = self._facts.columns[column][picked]
        return found

    def distinct(self, column: str, since: float | None = None, until: float = 0) -> np.ndarray:
        """int64: distinct values of the column in the window; nulls (0) do not count."""
        if since is None and until == 0:
            return self.total(f"new_{column}")
        end = self._window(since, until)[1]
        last_seen = self._facts.columns[f"next_{column}"] >= end[self._facts.customer]
        counted = (last_seen & (self._facts.columns[column] != 0)).astype(np.int64)
        return np.nan_to_num(self._reduced(np.add, counted, since, until)).astype(np.int64)

    def stretches(self, length_days: float) -> np.ndarray:
        """int64: of the stretches of so many days, counted back from the cutoff, those that hold a fact."""
        facts = self._facts
        if not len(facts):
            return np.zeros(facts.customers, dtype=np.int64)
        stretch = (self._cutoff - 1 - facts.happened_at) // days(length_days)
        is_next = np.diff(stretch, prepend=stretch[0]) != 0
        is_next[facts.offsets[:-1][np.diff(facts.offsets) > 0]] = True
        before = np.concatenate([[0], np.cumsum(is_next)])
        return np.asarray(before[self._end] - before[self._start])

    def decayed(self, half_life_days: float, column: str | None = None) -> np.ndarray:
        """float64: facts (or the column) summed with a weight that halves every `half_life_days`,
        by whole days of age; 0 without facts. Each customer's facts are added up in the order of time."""
        facts = self._facts
        age = self._once(("age",), self._age_days)
        weights = np.exp2(-np.arange(-1, int(age.max(initial=0)), dtype=np.float64) / half_life_days)
        weights[0] = 0
        amount = facts.ones if column is None else facts.columns[column]
        return np.asarray(csr_array((amount, age, facts.offsets), shape=(facts.customers, len(weights))) @ weights)

    def _age_days(self) -> np.ndarray:
        """int32: one more than the whole days from each fact to the cutoff, 0 for what is not before it."""
        day, rest = self._facts.utc_day
        cutoff_day, cutoff_rest = divmod(self._cutoff, MICROSECONDS_PER_DAY)
        age = np.int32(cutoff_day + 1) - day
        age -= rest > cutoff_rest
        age[self._facts.happened_at >= self._cutoff] = 0
        return age

    def _at(self, column: str, position: np.ndarray) -> np.ndarray:
        return self._picked(self._facts.columns[column], position)

    def _picked(self, values: np.ndarray, position: np.ndarray) -> np.ndarray:
        if not len(self._facts):
            return np.full(len(position), np.nan)
        found = values.take(position, mode="clip").astype(np.float64)
        found[(position < self._start) | (position >= self._end)] = np.nan
        return found

    def _reduced(self, operation: np.ufunc, values: np.ndarray, since: float | None, until: float) -> np.ndarray:
        start, end = self._window(since, until)
        filled = end > start
        bounds = np.column_stack([start[filled], end[filled]]).ravel()
        if len(bounds) and bounds[-1] == len(values):
            bounds = bounds[:-1]
        result = np.full(len(start), np.nan)
        if len(bounds):
            result[filled] = operation.reduceat(values, bounds)[::2]
        return result


def _no_table(name: str) -> Past:
    raise LookupError(f"this view holds orders alone, and no table {name}")


@dataclass(frozen=True)
class AsOf:
    """A batch of customers seen just before `cutoff`. `orders` are orders; `adjustments` are refunds
    and late lines of an order, money without a new order; `lines` are order lines; `tables` gives the facts of other
    tables by name."""

    cutoff: int
    population: Population
    orders: Past
    adjustments: Past
    lines: Past
    tables: Callable[[str], Past] = _no_table

    def table(self, name: str) -> Past:
        """The facts of another table of the log, by its name; without any where no source has them."""
        return self.tables(name)

    @property
    def customers(self) -> int:
        return len(self.orders.count())


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """float64: `part / whole`, null (NaN) where `whole` is 0.

    >>> ratio(np.array([1, 2]), np.array([4, 0]))
    array([0.25,  nan])
    """
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole != 0)
