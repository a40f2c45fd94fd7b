"""The clock: whether the hours of orders look like those of the time zone in which they are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import numpy as np

from foretell.health.data.finding import DataFinding, Sought
from foretell.health.data.picture import MICROSECONDS_PER_HOUR, Moments
from foretell.project.intervals import to_microseconds, zone
from foretell.words.wording import percent

FEWEST = 200
NIGHT, NIGHT_SHARE, QUIET_HOURS = 6, 0.25, 6
QUIETER = 1 / 3
SAME_TIME = 0.95
MIDNIGHT_SHARE = 0.05
WEEKS_AROUND = 6
LEAST_SHIFT, SURE = 0.5, 4.0
"""Hours by which orders move where clocks are put forward or back, and standard errors that this must be away from
nothing."""
ZONE = 'timezone = "Europe/Berlin" below [project] (your shop\'s own zone), or --timezone'
FIRST = date(1970, 1, 1)


def clock_suspicions(moments: Moments, timezone: str) -> list[DataFinding]:
    """What is odd about the times of day; at most one finding, the plainest."""
    total = int(moments.minutes.counts.sum())
    if total < FEWEST:
        return []
    return next(filter(None, (_one_time(moments, timezone), _night(moments, timezone), _steps(moments, timezone))), [])


def _one_time(moments: Moments, timezone: str) -> list[DataFinding]:
    """All orders at midnight: the source tells days only; at another time: its midnight is that of another zone."""
    minutes = moments.minutes
    share = minutes.counts / minutes.counts.sum()
    if minutes.codes[0] == 0 and share[0] >= SAME_TIME:
        seen = "all times are midnight" if share[0] == 1 else f"{percent(float(share[0]))} of the times are midnight"
        return [
            DataFinding(
                "days only",
                "remark",
                "orders",
                f"The source tells days and no times of day: {seen}.",
                "An order counts from the end of its day; if the shop knows the time, name that column: "
                "--columns time=...",
                sought=_in_hour(moments, 0, timezone),
            )
        ]
    usual = np.argsort(-share, kind="stable")[:2]
    if share[usual].sum() < SAME_TIME or len(minutes) > FEWEST or (minutes.codes[usual] % 30).any():
        return []
    told = " or ".join(f"{code // 60:02d}:{code % 60:02d}" for code in sorted(minutes.codes[usual].tolist()))
    return [
        DataFinding(
            "shifted clock",
            "warning",
            "orders",
            f"{percent(float(share[usual].sum()))} of the orders are at {told} in {timezone}: that is midnight in "
            "another time zone, so that days may be wrong by one.",
            f"Say the zone whose midnight it is: {ZONE}.",
            f"time {told}",
            _in_hour(moments, int(minutes.codes[usual[0]]) // 60, timezone),
        )
    ]


def _night(moments: Moments, timezone: str) -> list[DataFinding]:
    """Many orders in the six hours after midnight, and a quiet stretch in the day."""
    by_hour = _by_hour(moments)
    share = by_hour / max(by_hour.sum(), 1)
    windows = np.array([share[np.arange(begin, begin + QUIET_HOURS) % 24].sum() for begin in range(24)])
    night, quietest = float(share[:NIGHT].sum()), int(windows.argmin())
    is_elsewhere = min(abs(quietest), 24 - quietest) >= 4
    if night < NIGHT_SHARE or windows[quietest] > QUIETER * night or not is_elsewhere:
        return []
    off = quietest if quietest <= 12 else quietest - 24
    return [
        DataFinding(
            "shifted clock",
            "warning",
            "orders",
            f"{percent(night)} of the orders come from 00:00 to 06:00 in {timezone}, and the quietest hours are "
            f"{quietest:02d}:00 to {(quietest + QUIET_HOURS) % 24:02d}:00: the clock seems about {abs(off)} hours "
            f"{'fast' if off > 0 else 'slow'}.",
            f"Say the zone of the shop: {ZONE}.",
            f"the busiest hour is {int(by_hour.argmax()):02d}:00",
            _in_hour(moments, int(by_hour.argmax()), timezone),
        )
    ]


def _steps(moments: Moments, timezone: str) -> list[DataFinding]:
    """The hours of orders jump by one in the weeks in which clocks are put forward and back in Europe or America."""
    for where, changes in (("Europe", _european), ("North America", _american)):
        moved, error = _moved(moments, changes)
        if abs(moved) >= LEAST_SHIFT and abs(moved) > SURE * error > 0:
            way = "earlier" if moved < 0 else "later"
            return [
                DataFinding(
                    "clock without summer time",
                    "warning",
                    "orders",
                    f"Orders come {abs(moved):.1f} hours {way} from the day on which clocks are put forward in "
                    f"{where}, and go back in autumn: {timezone} is not the zone of these times.",
                    f"Say the zone of the shop: {ZONE}.",
                    "compare the busiest hours of March and April",
                    _in_hour(moments, int(_by_hour(moments).argmax()), timezone),
                )
            ]
    return []


def _moved(moments: Moments, changes: Callable[[int], tuple[date, date]]) -> tuple[float, float]:
    """Hours by which the mean time of day moves when clocks are put forward, with its standard error; autumn counts
    the other way, and where the log holds none of either, nothing moved."""
    day, hour, counts = moments.hours.codes // 24, moments.hours.codes % 24, moments.hours.counts
    # Hours are counted from the quietest one on, so that no busy stretch is cut in two.
    quietest = int(np.convolve(np.tile(_by_hour(moments), 2), np.ones(QUIET_HOURS), "valid")[:24].argmin())
    hour = (hour - quietest - QUIET_HOURS // 2) % 24
    years = range((FIRST + timedelta(days=int(day[0]))).year, (FIRST + timedelta(days=int(day[-1]))).year + 1)
    moved, weights = [], []
    for year in years:
        for change, sign in zip(changes(year), (1, -1), strict=True):
            at, sides = (change - FIRST).days, []
            for since in (at - 7 * WEEKS_AROUND, at):
                own = (day >= since) & (day < since + 7 * WEEKS_AROUND)
                number = counts[own].sum()
                if number < FEWEST // 4 or len(np.unique(day[own])) < 7 * WEEKS_AROUND // 2:
                    break
                mean = float((hour[own] * counts[own]).sum() / number)
                sides.append((mean, float((counts[own] * (hour[own] - mean) ** 2).sum() / number / number)))
            if len(sides) == 2:
                moved.append(sign * (sides[1][0] - sides[0][0]))
                weights.append(1 / max(sides[0][1] + sides[1][1], 1e-9))
    if not moved:
        return 0.0, 0.0
    return float(np.average(moved, weights=weights)), float(1 / np.sqrt(sum(weights)))


def _in_hour(moments: Moments, hour: int, timezone: str) -> Sought | None:
    """The first order in an hour of the day; None where there is none."""
    own = moments.hours.codes[moments.hours.codes % 24 == hour]
    if not len(own):
        return None
    local = datetime(1970, 1, 1, tzinfo=zone(timezone)) + timedelta(hours=int(own[0]))
    begin = to_microseconds(local)
    return Sought("", begin, begin + MICROSECONDS_PER_HOUR)


def _by_hour(moments: Moments) -> np.ndarray:
    """Orders by hour of the day, int64 [24]; without those at midnight sharp where these are many, since they may
    have no time."""
    by_hour = np.bincount(moments.hours.codes % 24, moments.hours.counts, minlength=24)
    minutes = moments.minutes
    if minutes.codes[0] == 0 and minutes.counts[0] > MIDNIGHT_SHARE * minutes.counts.sum():
        by_hour[0] -= minutes.counts[0]
    return by_hour


def _european(year: int) -> tuple[date, date]:
    """The days on which clocks are put forward and back in Europe: the last Sundays of March and October."""
    march, october = (date(year, month, 31) for month in (3, 10))
    return march - timedelta(days=(march.weekday() + 1) % 7), october - timedelta(days=(october.weekday() + 1) % 7)


def _american(year: int) -> tuple[date, date]:
    """The same in North America: the second Sunday of March and the first of November."""
    march, november = date(year, 3, 8), date(year, 11, 1)
    return march + timedelta(days=(6 - march.weekday()) % 7), november + timedelta(days=(6 - november.weekday()) % 7)
