"""Weeks of kept counts: which days are compared with each other, and which of them are healthy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from foretell.outcomes.monitoring.book import Break

WEEK = timedelta(days=7)
NEW_NORMAL = timedelta(days=56)
"""What has been otherwise for so long is how things are: it is compared with from then on."""
LEAST_LOOKED = 5


def judged_day(monitored: Iterable[str], as_of: str) -> str:
    """The day whose series are judged: one in each week since the first monitored day, so that looking every day raises
    no more false alarms than looking once a week.

    >>> judged_day(["2026-05-01", "2026-05-02", "2026-05-09"], "2026-05-02")
    '2026-05-01'
    >>> judged_day(["2026-05-01", "2026-05-02", "2026-05-09"], "2026-05-09")
    '2026-05-09'
    """
    known = sorted(day for day in monitored if day <= as_of)
    first = date.fromisoformat(known[0])
    begun = first + (date.fromisoformat(as_of) - first) // WEEK * WEEK
    return next(day for day in known if day >= begun.isoformat()) if known[-1] >= begun.isoformat() else known[-1]


def usual_lag(looked: Iterable[tuple[str, str, str]], day: str) -> int | None:
    """By how many days the clock was ahead of the data on the days before a day, at most, the first time that each was
    looked at; None where fewer than five are known, as of a log that is only looked at."""
    first: dict[str, int] = {}
    for of_day, _, clock in looked:
        ahead = (date.fromisoformat(clock) - date.fromisoformat(of_day)).days
        if of_day < day:
            first[of_day] = min(first.get(of_day, ahead), ahead)
    return max(first.values()) if len(first) >= LEAST_LOOKED else None


def weeks_back(days: Iterable[str]) -> list[str]:
    """Of some days the last one and those before it that lie a week or more apart, the oldest first; nothing from
    before a pause of two weeks."""
    chain: list[str] = []
    for day in sorted(days, reverse=True):
        apart = date.fromisoformat(chain[-1]) - date.fromisoformat(day) if chain else WEEK
        if apart > 2 * WEEK:
            break
        if apart >= WEEK:
            chain.append(day)
    return chain[::-1]


def counts_by_week(kept: Mapping[str, Sequence[int]]) -> tuple[list[str], np.ndarray]:
    """The days of a series that are compared, and its counts on them, int64 [days, bins]."""
    days = weeks_back(kept)
    return days, np.array([kept[day] for day in days], dtype=np.int64)


def healthy_weeks(days: Sequence[str], series: str, sources: Iterable[str], breaks: Sequence[Break]) -> np.ndarray:
    """bool [days]: on which days nothing was broken of the series itself, or of what it is made of. What broke longer
    than eight weeks ago, or has been broken for longer, does not count any more."""
    made_of = set(sources)
    own = [one for one in breaks if series in one.broken.series or (one.broken.spoils and one.broken.source in made_of)]
    last = date.fromisoformat(days[-1]) if days else date.min
    return np.array(
        [last - date.fromisoformat(day) > NEW_NORMAL or not any(one.lasts_on(day) for one in own) for day in days],
        dtype=bool,
    )
