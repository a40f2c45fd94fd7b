"""Rows gathered to the units that were drawn: a customer with five orders is one customer, not five."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Units:
    """Which rows belong to which unit. `code` is int64 [rows], from 0, -1 for rows that belong to none; `names` is text
    [units], the arm of each; `rows_in_two` and `units_in_two` count what was in several arms and is left out."""

    code: np.ndarray
    names: np.ndarray
    rows_in_two: int = 0
    units_in_two: int = 0

    @property
    def rows(self) -> np.ndarray:
        """float64 [units], how many rows each has."""
        return np.bincount(self.code[self.code >= 0], minlength=len(self.names)).astype(np.float64)

    def total(self, values: np.ndarray) -> np.ndarray:
        """float64 [units] from float64 [rows]: the sum; NaN where one row has none, as the unit is not complete."""
        inside = self.code >= 0
        found = np.bincount(self.code[inside], weights=values[inside], minlength=len(self.names))
        return np.asarray(found, dtype=np.float64)

    def before(self, values: np.ndarray) -> tuple[np.ndarray, bool]:
        """float64 [units] of what was before, and whether it was summed: a value that all rows of a unit repeat counts
        once, others are summed; gaps are passed over."""
        known = (self.code >= 0) & np.isfinite(values)
        code, some, units = self.code[known], values[known], len(self.names)
        least, most = np.full(units, np.inf), np.full(units, -np.inf)
        np.minimum.at(least, code, some)
        np.maximum.at(most, code, some)
        there = np.bincount(code, minlength=units) > 0
        if (least[there] == most[there]).all():
            return np.where(there, least, np.nan), False
        return np.where(there, np.bincount(code, weights=some, minlength=units), np.nan), True


def each_row(names: np.ndarray) -> Units:
    """Every row with an arm is a unit of its own."""
    code = np.where(names != "", np.cumsum(names != "") - 1, -1)
    return Units(code, names[names != ""])


def gathered(names: np.ndarray, codes: np.ndarray) -> Units:
    """Units of rows with the same code (int64 [rows], -1 for none); those in several arms are left out. `names` is text
    [rows], "" where no arm is told."""
    inside = (names != "") & (codes >= 0)
    arms, arm = np.unique(names[inside], return_inverse=True)
    units, unit = np.unique(codes[inside], return_inverse=True)
    first, last = np.full(len(units), len(arms)), np.full(len(units), -1)
    np.minimum.at(first, unit, arm)
    np.maximum.at(last, unit, arm)
    single = first == last
    place = np.where(single, np.cumsum(single) - 1, -1)
    code = np.full(len(names), -1, dtype=np.int64)
    code[inside] = place[unit]
    return Units(code, arms[first[single]], int((~single[unit]).sum()), int((~single).sum()))
