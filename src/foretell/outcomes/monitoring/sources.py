"""Sources by the week: how many facts came, in how many something is missing, in how many something is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.outcomes.monitoring.cells import HAPPENED, ROWS, Cells, Counted
from foretell.outcomes.monitoring.joint_limits import Series, apart_from_level

DAYS = 7
LEAST_KNOWN_DAYS = 28
"""So long a table must have been there before what is new in it says anything."""
FEWEST_ROWS = 20
"""Of fewer facts in a week no share is judged."""
SCATTER_OF_ROOTS = 0.5
"""The standard deviation of the root of a Poisson count."""
VOLUME, MISSING, NEW = "volume", "missing", "new"


@dataclass(frozen=True)
class SourceSeries:
    """What is counted of a table every week: its facts (`volume`), or those in which a column is `missing` or `new`."""

    table: str
    what: str
    column: str = ""

    @property
    def name(self) -> str:
        """By which it is kept."""
        return " ".join(filter(None, ("source", self.table, self.what, self.column)))


Week = Mapping[SourceSeries, tuple[int, int]]
"""The count of each series, and the facts that it is a part of."""


def week_of(counted: Counted, as_of_day: int, lags: Mapping[str, int]) -> Week:
    """The week of each table that ends before a day, moved back by the days (`lags`) by which the table comes later
    than others. A table that was not there before that week is left out."""
    found: dict[SourceSeries, tuple[int, int]] = {}
    for (table, column), cells in counted.items():
        end = as_of_day - lags.get(table, 0)
        days = counted[table, ROWS].days
        if column == HAPPENED or not len(days) or days[0] > end - DAYS:
            continue
        week = cells.within(end - DAYS, end)
        if column == ROWS:
            found[SourceSeries(table, VOLUME)] = (week.rows, week.rows)
            continue
        if _is_told(cells, end):
            found[SourceSeries(table, MISSING, column)] = (week.missing, week.rows)
        if cells.kind == "text" and days[0] <= end - DAYS - LEAST_KNOWN_DAYS:
            fresh = np.isin(week.values, new_values(cells, end))
            found[SourceSeries(table, NEW, column)] = (int(week.counts[fresh].sum()), week.rows)
    return found


def lags_of(counted: Counted, as_of_day: int) -> dict[str, int]:
    """By how many days each table ends before a day: 0 for one that has facts of the day before it."""
    return {
        table: int(max(as_of_day - 1 - cells.within(0, as_of_day).days[-1], 0))
        for (table, column), cells in counted.items()
        if column == ROWS and len(cells.within(0, as_of_day).days)
    }


def new_values(cells: Cells, end: int) -> np.ndarray:
    """int64: the values of the week before a day that no fact held before it."""
    week = np.unique(cells.within(end - DAYS, end).values)
    return np.setdiff1d(week[week != 0], cells.within(0, end - DAYS).values)


def series_of(one: SourceSeries, weeks: Sequence[tuple[int, int]], healthy: np.ndarray) -> Series:
    """A series as the limits read it: counts as roots, shares as the arcs of their roots, on which chance scatters
    evenly. What is missing or new is no worse for being less."""
    counts = np.array(weeks, dtype=np.float64).reshape(-1, 2)
    if one.what == VOLUME:
        return Series(one.name, apart_from_level(np.sqrt(counts[:, 0]), healthy), SCATTER_OF_ROOTS)
    rows = np.maximum(counts[:, 1], 1)
    arcs = np.arcsin(np.sqrt(np.minimum(counts[:, 0] / rows, 1)))
    return Series(one.name, apart_from_level(arcs, healthy), float(SCATTER_OF_ROOTS / np.sqrt(rows[-1])), rises=True)


def _is_told(cells: Cells, end: int) -> bool:
    """Whether the column tells anything before a day: one that is always empty is not watched for it."""
    return bool((cells.within(0, end).values != 0).any())


def named(name: str) -> SourceSeries:
    """The series that is kept under a name.

    >>> named("source orders missing channel")
    SourceSeries(table='orders', what='missing', column='channel')
    """
    return SourceSeries(*name.split(" ")[1:])
