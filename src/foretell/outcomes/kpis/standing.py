"""How each KPI stands: its value, the outlook to the end of its period, its target, and its control limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np

from foretell.alerts.control_limits import ControlLimits, Signal, control_limits
from foretell.outcomes.kpis.outlook import Outlook, outlook_of
from foretell.outcomes.kpis.series import Daily
from foretell.project.parts.kpis import KpiPart, Period, Prospect

EPOCH = date(1970, 1, 1)
DAYS_PER_WEEK = 7
Course = Prospect | Literal["met", "missed"]
QUARTER_MONTHS, YEAR_MONTHS = 3, 12


@dataclass(frozen=True)
class KpiStanding:
    """A KPI as of a day (ISO). `begin` and `end` are the first day of its period and the first after it. `course` says
    what the 80 % interval of the outlook says of the target. `signal` is there where the last whole week is outside its
    control limits, `cannot` says why there is no value."""

    part: KpiPart
    begin: str
    end: str
    outlook: Outlook | None
    course: Course
    signal: Signal | None = None
    cannot: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        aim, found = self.part.aim, self.outlook
        return {
            "name": self.part.name,
            "owner": self.part.owner,
            "from": self.begin,
            "until": self.end,
            "window_days": self.part.window_days or None,
            "value": found.now if found and np.isfinite(found.now) else None,
            "expected": found.expected if found else None,
            "low": found.low if found else None,
            "high": found.high if found else None,
            "target": aim.value if aim else None,
            "target_is_ceiling": aim.is_ceiling if aim else None,
            "course": self.course,
            "signal": asdict(self.signal) if self.signal else None,
            "cannot": self.cannot,
        }


def standings(
    parts: Sequence[KpiPart], series: Mapping[str, Daily], as_of_day: str
) -> tuple[tuple[KpiStanding, ...], ControlLimits]:
    """How each KPI stands at the beginning of a day, and the control limits of all of them together. `series` has a
    daily series by name of the KPI; one that is not there cannot be told."""
    limits = control_limits({name: weekly(daily) for name, daily in series.items()})
    signals = {signal.series: signal for signal in limits.signals}
    return tuple(_standing(part, series.get(part.name), as_of_day, signals.get(part.name)) for part in parts), limits


def period_of(part: KpiPart, as_of_day: str) -> tuple[date, date]:
    """The first day of the period that a KPI is judged over, and the first day after it. The period holds the last day
    that is over; it ends with the day `by` where that is declared.

    >>> [day.isoformat() for day in period_of(KpiPart(name="orders", per="quarter"), "2026-05-01")]
    ['2026-04-01', '2026-07-01']
    """
    last = date.fromisoformat(as_of_day) - timedelta(days=1)
    begin, end = _around(last, part.per)
    return begin, (max(part.by + timedelta(days=1), last + timedelta(days=1)) if part.by else end)


def course_of(part: KpiPart, outlook: Outlook, is_over: bool) -> Course:
    """What an outlook says of the target."""
    aim = part.aim
    if aim is None:
        return "no target"
    if is_over:
        return "met" if aim.is_met(outlook.now) else "missed"
    return aim.prospect(outlook.low, outlook.high)


def weekly(daily: Daily) -> np.ndarray:
    """float64 [weeks]: sums of whole weeks of a flow, the standing at the end of each week; the last week ends with the
    last day."""
    weeks = len(daily.values) // DAYS_PER_WEEK
    whole = daily.values[len(daily.values) - weeks * DAYS_PER_WEEK :].reshape(weeks, DAYS_PER_WEEK)
    return np.maximum(whole.sum(axis=1), 0) if daily.is_flow else whole[:, -1]


def _standing(part: KpiPart, daily: Daily | None, as_of_day: str, signal: Signal | None) -> KpiStanding:
    begin, end = period_of(part, as_of_day)
    days = begin.isoformat(), end.isoformat()
    if daily is None or not np.isfinite(daily.values[-1:]).any():
        why = "nobody was ever in that segment" if part.segment else "the log is shorter than its window"
        return KpiStanding(part, *days, None, "not known", signal, why)
    outlook = outlook_of(daily, _number(begin), _number(end))
    return KpiStanding(part, *days, outlook, course_of(part, outlook, end <= date.fromisoformat(as_of_day)), signal)


def _around(day: date, per: Period) -> tuple[date, date]:
    if per == "week":
        begin = day - timedelta(days=day.weekday())
        return begin, begin + timedelta(days=DAYS_PER_WEEK)
    months = {"month": 1, "quarter": QUARTER_MONTHS, "year": YEAR_MONTHS}[per]
    first = (day.month - 1) // months * months
    year, month = divmod(day.year * YEAR_MONTHS + first + months, YEAR_MONTHS)
    return date(day.year, first + 1, 1), date(year, month + 1, 1)


def _number(day: date) -> int:
    return (day - EPOCH).days
