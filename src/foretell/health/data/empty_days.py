"""Days without any order: stretches that chance and the rhythm of the shop's week cannot explain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from foretell.health.data.finding import DataFinding, Sought
from foretell.project.intervals import midnight
from foretell.timelines.survey import Tally
from foretell.words.wording import count, days, joined

WEEKS_AROUND = 8
UNLIKELY = 1e-3
"""The chance of any such stretch in the whole log, at which one is told."""
LONG_DAYS = 7
HOLIDAYS_DAYS = 16
SHOWN = 4
FIRST = date(1970, 1, 1)


@dataclass(frozen=True)
class Stretch:
    """Empty days from `first` up to and without `end` (local days since 1970-01-01), in which `expected` orders would
    have come; `usual` says that the shop closes around the turn of the year, or closed in the same weeks of a year
    before or after."""

    first: int
    end: int
    expected: float
    usual: bool

    @property
    def length(self) -> int:
        """Its days."""
        return self.end - self.first

    def __str__(self) -> str:
        begin, last = (FIRST + timedelta(days=day) for day in (self.first, self.end - 1))
        return begin.isoformat() if begin == last else f"{begin.isoformat()} to {last.isoformat()}"


def unexplained_stretches(by_day: Tally) -> list[Stretch]:
    """The stretches of empty days between the first and the last order that chance cannot explain.

    What would have come on a day is the mean of the same weekday in the eight weeks before and after; how unlikely
    nothing is follows from a negative binomial count whose variance is that of those weeks, and whose mean is known no
    better than their number of orders tells.
    """
    if len(by_day) < 2:
        return []
    begin = int(by_day.codes[0])
    counts = np.zeros(int(by_day.codes[-1]) - begin + 1)
    counts[by_day.codes - begin] = by_day.counts
    runs = list(_runs(counts == 0))
    found = []
    for first, end in runs:
        expected, spread, seen = _around(counts, first, end)
        if not expected:
            continue
        nothing = seen * np.log1p(expected / seen) * (np.log(spread) / (spread - 1) if spread > 1 else 1.0)
        if np.exp(-nothing) * len(runs) < UNLIKELY:
            usual = _turns_the_year(begin + first, begin + end) or _closed_another_year(counts, first, end)
            found.append(Stretch(begin + first, begin + end, expected, usual))
    return found


def empty_days(by_day: Tally, timezone: str) -> list[DataFinding]:
    """A warning of long stretches that nothing explains, a remark on short ones and on holidays."""
    stretches = unexplained_stretches(by_day)
    grave = [one for one in stretches if one.length >= LONG_DAYS and not one.usual]
    found = []
    for severity, some in (("warning", grave), ("remark", [one for one in stretches if one not in grave])):
        if not some:
            continue
        told = [str(one) for one in some[:SHOWN]] + ([f"{len(some) - SHOWN} more"] if len(some) > SHOWN else [])
        lost, longest = sum(one.expected for one in some), max(some, key=lambda one: one.length)
        before = FIRST + timedelta(days=longest.first - 1)
        since, until = (midnight(day, timezone) for day in (before, before + timedelta(days=1)))
        found.append(
            DataFinding(
                "empty days",
                severity,  # type: ignore[arg-type]
                "orders",
                f"{days(sum(one.length for one in some))} without any order that the rhythm of the week does not "
                f"explain: {joined(told)}; about {count(lost)} orders would have come.",
                "Export those days again and add the file; if the shop was closed, there is nothing to do.",
                f"the last rows before are of {before.isoformat()}",
                Sought("", since, until),
            )
        )
    return found


def _runs(empty: np.ndarray) -> Iterator[tuple[int, int]]:
    """First and end of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], empty, [False]]).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _around(counts: np.ndarray, first: int, end: int) -> tuple[float, float, float]:
    """How many orders would have come in a stretch, and their variance over their mean, by the weeks around it; and
    the orders of those weeks."""
    before = np.arange(max(0, first - 7 * WEEKS_AROUND), first)
    near = np.concatenate([before, np.arange(end, min(len(counts), end + 7 * WEEKS_AROUND))])
    mean, variance = np.zeros(7), np.zeros(7)
    for weekday in range(7):
        same = counts[near[near % 7 == weekday]]
        if len(same) > 1:
            mean[weekday], variance[weekday] = same.mean(), same.var(ddof=1)
    inside = np.arange(first, end) % 7
    expected = float(mean[inside].sum())
    spread = max(1.0, float(variance[inside].sum()) / expected) if expected > 0 else 1.0
    return expected, spread, float(counts[near].sum())


def _turns_the_year(first: int, end: int) -> bool:
    """Whether a stretch of at most sixteen days lies around Christmas and the New Year."""
    around = {(FIRST + timedelta(days=day)).strftime("%m-%d") for day in range(first, end)}
    return end - first <= HOLIDAYS_DAYS and bool(around & {"12-25", "12-26", "01-01"})


def _closed_another_year(counts: np.ndarray, first: int, end: int) -> bool:
    """Whether most of the same days (of the same weekdays) of a year before or after, give or take a week, are empty
    too."""
    for apart in (-364, 364):
        for moved in (-7, 0, 7):
            same = np.arange(first, end) + apart + moved
            if same[0] >= 0 and same[-1] < len(counts) and (counts[same] == 0).mean() > 0.7:
                return True
    return False
