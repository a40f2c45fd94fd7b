"""Freshness: whether the newest fact of a source is older than its own pauses explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.outcomes.monitoring.cells import Cells

YEAR_DAYS = 365
DAYS, MOST_DAYS = 7, 5
FEWEST_GAPS = 20
TIMES_THE_LONGEST = 2
"""Of a source whose pauses are drawn by chance alone (exponential ones), twice the longest of n is passed by one pause
in (n + 1)(n + 2) / 2: with twenty and more a year, by less than one in ten years."""


@dataclass(frozen=True)
class Freshness:
    """Of a table: the `days` since its newest fact (1: yesterday), and the `longest` of its `gaps` in the year before
    (days from a day with facts to the next). `cannot` says why it is not judged."""

    table: str
    days: int
    longest: int
    gaps: int
    cannot: str = ""

    @property
    def is_broken(self) -> bool:
        """Whether it has been silent for longer than ever explained."""
        return not self.cannot and self.days > TIMES_THE_LONGEST * self.longest


def goes_on_to(happened: Cells) -> int:
    """The day after the last one to which facts come day by day (most days of a week); 0 where they never do. A single
    later fact, such as the day on which something is to end, says nothing of the day on which the log was read."""
    days = np.unique(happened.days)
    week = np.searchsorted(days, days - DAYS, side="right")
    dense = days[np.arange(1, len(days) + 1) - week >= MOST_DAYS]
    return int(dense[-1]) + 1 if len(dense) else 0


def freshness(table: str, facts: Cells, as_of_day: int) -> Freshness:
    """How fresh a table is at the beginning of a day (local, since 1970-01-01)."""
    known = facts.within(0, as_of_day).days
    if not len(known):
        return Freshness(table, 0, 0, 0, "there are no facts yet")
    gaps = np.diff(np.unique(known[known > known[-1] - YEAR_DAYS]))
    found = Freshness(table, int(as_of_day - known[-1]), int(gaps.max(initial=0)), len(gaps))
    if len(gaps) >= FEWEST_GAPS:
        return found
    told = f"{len(gaps)} pauses between its facts are known, {FEWEST_GAPS} are needed"
    return Freshness(found.table, found.days, found.longest, found.gaps, told)
