"""Facts of whole customers, contiguous and in time order, with exact sums over any stretch of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np


class Facts:
    """One kind of fact for a batch of customers.

    Customer `i` owns rows `offsets[i]:offsets[i + 1]`, in the order of `happened_at`. `columns` are
    arrays over the rows; integers where sums are taken, so that a prefix sum is exact (int64 wraps
    around, and differences of wrapped sums are still right) and no customer's result depends on another's.
    """

    def __init__(self, offsets: np.ndarray, columns: Mapping[str, np.ndarray]) -> None:
        self.offsets = offsets
        self.columns = dict(columns)
        self._prefixes: dict[str, np.ndarray] = {}

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

    def prefix(self, column: str) -> np.ndarray:
        """int64 [rows + 1]: the sum of the column over all rows before each position."""
        if column not in self._prefixes:
            sums = np.zeros(len(self) + 1, dtype=np.int64)
            np.cumsum(self.columns[column], out=sums[1:], dtype=np.int64)
            self._prefixes[column] = sums
        return self._prefixes[column]

    def positions(self, boundaries: np.ndarray) -> np.ndarray:
        """int64 [boundaries, customers]: the first row of each customer that is not before each boundary.

        `boundaries` are ascending moments. One pass over the rows, whatever the number of boundaries.
        """
        width = len(boundaries) + 1
        stretch = np.searchsorted(boundaries, self.happened_at, side="right")
        stretch += self.customer * width
        counts = np.bincount(stretch, minlength=self.customers * width).reshape(self.customers, width)
        return self.offsets[:-1] + np.cumsum(counts[:, :-1].T, axis=0)

    def kept(self, rows: np.ndarray) -> Facts:
        """The facts at a boolean mask over the rows; derived columns must be derived again."""
        before = np.concatenate([[0], np.cumsum(rows, dtype=np.int64)])
        offsets = before[self.offsets]
        return Facts(offsets, {name: values[rows] for name, values in self.columns.items()})

    def occurrence(self, column: str) -> tuple[np.ndarray, np.ndarray]:
        """For every row: how many times its value has occurred for its customer, this row included
        (int64), and the row of its next occurrence (`len(self)` without one). A value of 0 is null: 0 times.
        """
        values = self.columns[column]
        order = np.lexsort((np.arange(len(self)), values, self.customer))
        same = np.zeros(len(self), dtype=bool)
        same[1:] = (values[order][1:] == values[order][:-1]) & (self.customer[order][1:] == self.customer[order][:-1])
        starts = np.flatnonzero(~same)
        rank = np.arange(len(self)) - np.repeat(starts, np.diff(np.append(starts, len(self)))) + 1
        times = np.empty(len(self), dtype=np.int64)
        times[order] = np.where(values[order] == 0, 0, rank)
        following = np.full(len(self), len(self), dtype=np.int64)
        following[order[:-1]] = np.where(same[1:], order[1:], len(self))
        return times, following

    @cached_property
    def _ascending(self) -> dict[str, np.ndarray]:
        return {}

    def ascending(self, column: str) -> np.ndarray:
        """Rows ordered by customer, then by the column's value."""
        if column not in self._ascending:
            self._ascending[column] = np.lexsort((self.columns[column], self.customer))
        return self._ascending[column]
