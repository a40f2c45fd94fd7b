"""Facts of whole customers, contiguous and in time order, with exact sums over any stretch of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np

from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.timelines.columns import Chosen, Columns

KEY_BITS = 63


class Facts:
    """One kind of fact for a batch of customers.

    Customer `i` owns rows `offsets[i]:offsets[i + 1]`, in the order of `happened_at`. `columns` are
    arrays over the rows; integers where sums are taken, so that a prefix sum is exact (int64 wraps
    around, and differences of wrapped sums are still right) and no customer's result depends on another's.
    `derivations` make further columns when they are first asked for.
    """

    def __init__(
        self,
        offsets: np.ndarray,
        columns: Mapping[str, np.ndarray],
        derivations: Mapping[str, Callable[[Facts], np.ndarray]] | None = None,
    ) -> None:
        self.offsets = offsets
        self.given = columns
        self.derivations = derivations or {}
        self.columns = Columns(columns, {name: partial(make, self) for name, make in self.derivations.items()})
        self._prefixes: dict[str, np.ndarray] = {}
        self._occurrences: dict[str, Occurrence] = {}
        self._ascending: dict[str, Ascending] = {}
        self._maxima: dict[str, np.ndarray | None] = {}
        self._positions: dict[int, np.ndarray] = {}
        self._among: tuple[Facts, np.ndarray] | None = None
        self._where: dict[tuple[str, tuple[int, ...]], Facts] = {}

    def __len__(self) -> int:
        return int(self.offsets[-1])

    @property
    def customers(self) -> int:
        return len(self.offsets) - 1

    @cached_property
    def customer(self) -> np.ndarray:
        """The customer's position in the batch, for every row."""
        return np.repeat(np.arange(self.customers), np.diff(self.offsets))

    @property
    def happened_at(self) -> np.ndarray:
        return self.columns["happened_at"]

    @cached_property
    def follows(self) -> np.ndarray:
        """True where the row before belongs to the same customer."""
        flags = np.ones(len(self), dtype=bool)
        flags[self.offsets[:-1][np.diff(self.offsets) > 0]] = False
        return flags

    @cached_property
    def any_late(self) -> bool:
        """Whether some fact became known after it happened."""
        return bool((self.columns["known_at"] > self.happened_at).any())

    def prefix(self, column: str) -> np.ndarray:
        """int64 [rows + 1]: the sum of the column over all rows before each position."""
        if column not in self._prefixes:
            sums = np.zeros(len(self) + 1, dtype=np.int64)
            np.cumsum(self.columns[column], out=sums[1:], dtype=np.int64)
            self._prefixes[column] = sums
        return self._prefixes[column]

    @cached_property
    def ones(self) -> np.ndarray:
        """float64: 1 for every row."""
        return np.ones(len(self))

    @cached_property
    def utc_day(self) -> tuple[np.ndarray, np.ndarray]:
        """int32 days since 1970-01-01 UTC of every row, and int64 the microseconds into that day."""
        day = self.happened_at // MICROSECONDS_PER_DAY
        return day.astype(np.int32), self.happened_at - day * MICROSECONDS_PER_DAY

    def running_maximum(self, column: str) -> np.ndarray | None:
        """int64: the largest value of the customer so far, this row included; None where values are too far apart.

        One running maximum over all rows, each customer lifted above the one before.
        """
        if column not in self._maxima:
            values = self.columns[column]
            low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
            bits = (high - low).bit_length()
            self._maxima[column] = None
            if values.dtype.kind == "i" and bits + self.customers.bit_length() <= KEY_BITS:
                lift = self.customer << bits
                running = np.maximum.accumulate(lift + (values - low))
                self._maxima[column] = running - lift + low
        return self._maxima[column]

    def positions(self, boundaries: np.ndarray) -> np.ndarray:
        """int64 [boundaries, customers]: the first row of each customer that is not before each boundary.

        `boundaries` are ascending moments. One pass over the rows, whatever the number of boundaries.
        """
        if not len(self):
            return np.zeros((len(boundaries), self.customers), dtype=np.int64)
        if len(boundaries) == 1:
            before = np.bincount(self.customer[self.happened_at < boundaries[0]], minlength=self.customers)
            return (self.offsets[:-1] + before)[None]
        width = len(boundaries) + 1
        stretch = np.searchsorted(boundaries, self.happened_at, side="right")
        stretch *= self.customers
        stretch += self.customer
        counts = np.bincount(stretch, minlength=self.customers * width).reshape(width, self.customers)
        counts[0] += self.offsets[:-1]
        return np.cumsum(counts[:-1], axis=0, out=counts[:-1])

    def find(self, moments: Sequence[int]) -> None:
        """Find the positions of many moments in one pass, for `position` to know."""
        unknown = sorted(moment for moment in set(moments) - set(self._positions) if not self._knows(moment))
        if unknown:
            self._positions |= dict(zip(unknown, self.positions(np.array(unknown)), strict=True))

    def position(self, moment: int) -> np.ndarray:
        """int64 [customers]: the first row of each customer that is not before the moment."""
        self.find([moment])
        if moment not in self._positions:
            assert self._among is not None
            facts, before = self._among
            self._positions[moment] = before[facts.position(moment)]
        return self._positions[moment]

    def _knows(self, moment: int) -> bool:
        """Whether the position of a moment follows from that among the facts of which these are some."""
        return self._among is not None and (moment in self._among[0]._positions or self._among[0]._knows(moment))

    def kept(self, rows: np.ndarray) -> Facts:
        """The facts at a boolean mask over the rows; derived columns are derived anew."""
        before = np.concatenate([[0], np.cumsum(rows, dtype=np.int64)])
        kept = Facts(before[self.offsets], Chosen(self.given, rows), self.derivations)
        kept._among = self, before
        return kept

    def lasting(self, moment: int) -> Facts:
        """The facts that had not ended before a moment (`gone_at`; without that column all)."""
        ended = self.given["gone_at"] < moment if "gone_at" in self.given else np.zeros(0, dtype=bool)
        return self.kept(~ended) if ended.any() else self

    def where(self, column: str, values: tuple[int, ...]) -> Facts:
        """The facts whose column holds one of the values; found once, for every cutoff that asks."""
        key = (column, values)
        if key not in self._where:
            self._where[key] = self.kept(np.isin(self.columns[column], values))
        return self._where[key]

    def position_after(self, moment: np.ndarray) -> np.ndarray:
        """int64 [customers]: the first row of each customer that lies after a moment of their own (microseconds as
        float64; NaN: the customer's first row)."""
        if not len(self):
            return self.offsets[:-1].copy()
        not_after = self.happened_at <= moment[self.customer]
        return self.offsets[:-1] + np.bincount(self.customer[not_after], minlength=self.customers)

    def occurrence(self, column: str) -> Occurrence:
        """How often the value of each row has occurred for its customer, and where it occurs next."""
        if column not in self._occurrences:
            self._occurrences[column] = self._occurrence(self.columns[column])
        return self._occurrences[column]

    def _occurrence(self, values: np.ndarray) -> Occurrence:
        rows = len(self)
        if not values.any():
            return Occurrence(np.zeros(rows, dtype=np.int64), np.full(rows, rows, dtype=np.int64))
        order = _by_customer(self.customer, values)
        value, customer = values[order], self.customer[order]
        same = np.zeros(rows, dtype=bool)
        same[1:] = (value[1:] == value[:-1]) & (customer[1:] == customer[:-1])
        starts = np.flatnonzero(~same)
        rank = np.arange(rows) - np.repeat(starts, np.diff(np.append(starts, rows))) + 1
        times = np.empty(rows, dtype=np.int64)
        times[order] = np.where(value == 0, 0, rank)
        following = np.full(rows, rows, dtype=np.int64)
        following[order[:-1]] = np.where(same[1:], order[1:], rows)
        return Occurrence(times, following)

    def ascending(self, column: str) -> Ascending:
        """The rows whose value is not negative, ordered by customer, then by the column's value."""
        if column not in self._ascending:
            values = self.columns[column]
            known = values >= 0
            rows = _by_customer(self.customer, values)
            rows = rows[known[rows]]
            before = np.concatenate([[0], np.cumsum(known, dtype=np.int64)])
            self._ascending[column] = Ascending(rows, self.customer[rows], before)
        return self._ascending[column]


class Occurrence(NamedTuple):
    """For every row: how many times its value has occurred for its customer, this row included (int64), and
    the row of its next occurrence (the number of rows without one). A value of 0 is null: 0 times."""

    times: np.ndarray
    following: np.ndarray


class Ascending(NamedTuple):
    """Rows by customer and value, the customer of each, and [rows + 1] how many of them lie before a position."""

    rows: np.ndarray
    customer: np.ndarray
    before: np.ndarray


def _by_customer(customer: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Rows ordered by customer, value and row. One sort of packed integers, which is far faster than `np.lexsort`,
    where customer, value and row fit into one."""
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    low, high = int(values.min()), int(values.max())
    row_bits, customer_bits = len(values).bit_length(), int(customer[-1]).bit_length()
    if (high - low).bit_length() + row_bits + customer_bits > KEY_BITS:
        values = np.unique(values, return_inverse=True)[1]
        low, high = 0, int(values.max())
    value_bits = (high - low).bit_length()
    if value_bits + row_bits + customer_bits > KEY_BITS:
        return np.lexsort((values, customer))
    packed = (customer << value_bits) | (values - low)
    packed <<= row_bits
    packed |= np.arange(len(values))
    packed.sort()
    packed &= (1 << row_bits) - 1
    return packed
