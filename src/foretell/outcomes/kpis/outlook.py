"""The outlook of a KPI: where it will stand at the end of its period, by how such outlooks missed in the past.

A flow goes on as it did in the last eight weeks; a standing stays where it is. How far that is off is not assumed but
counted: the same outlook, over as many days, is made at every past week, and what came is held against it. The median
of what it missed moves the outlook, the tenth and the ninetieth of a hundred are its 80 % interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.outcomes.kpis.series import Daily

TEACHING_DAYS = 56
LEAST_DISJOINT = 5
"""So many stretches that do not overlap are needed before an interval is told."""
STEADYING_SHARE = 0.05
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True)
class Outlook:
    """`now` is what has come (a flow) or stands (a standing), `expected` the value at the end with its 80 % interval,
    None where the past is too short to tell how far it may be off; `past` counts the stretches that do not overlap."""

    now: float
    expected: float | None
    low: float | None
    high: float | None
    past: int


def outlook_of(series: Daily, begin: int, end: int) -> Outlook:
    """The outlook of the period of the days `[begin, end)`, of which the series has seen those up to its last."""
    left = max(end - 1 - series.last, 0)
    if series.is_flow:
        now = float(np.nansum(series.since(begin).values))
    else:
        now = float(series.values[-1]) if len(series.values) else float("nan")
    if not left:
        return Outlook(now, now, now, now, 0)
    ends, past = _flow_ends(series.values, left) if series.is_flow else _standing_ends(series.values, left)
    if not np.isfinite(now) or past < LEAST_DISJOINT:
        return Outlook(now, None, None, None, past)
    middle, low, high = (max(now + float(np.quantile(ends, level)), 0.0) for level in (0.5, LOW, HIGH))
    return Outlook(now, middle, low, high, past)


def _flow_ends(values: np.ndarray, left: int) -> tuple[np.ndarray, int]:
    """What may still come: the rate of the last eight weeks gone on with, times how the same missed at every past
    week; and how many stretches of the past do not overlap."""
    known = values[np.isfinite(values)]
    total = np.concatenate([[0.0], np.cumsum(known)])
    at = np.arange(TEACHING_DAYS, len(known) - left + 1, 7)
    if not len(at):
        return np.zeros(0), 0
    going_on = (total[at] - total[at - TEACHING_DAYS]) / TEACHING_DAYS * left
    steady = STEADYING_SHARE * float(np.mean(going_on))
    missed = (total[at + left] - total[at] + steady) / np.maximum(going_on + steady, 1e-12)
    rate = float(total[-1] - total[-1 - TEACHING_DAYS]) / TEACHING_DAYS
    return np.asarray(rate * left * missed), (len(known) - TEACHING_DAYS) // left


def _standing_ends(values: np.ndarray, left: int) -> tuple[np.ndarray, int]:
    """By how much the standing changed over as many days, from every past day on; and how many of these stretches do
    not overlap."""
    apart = values[left:] - values[:-left]
    apart = apart[np.isfinite(apart)]
    return apart, len(apart) // left
