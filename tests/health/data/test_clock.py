"""The clock: days without times, midnights of another zone, a busy night, and summer time that nobody kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from foretell.health.data.clock import clock_suspicions
from foretell.health.data.picture import Moments
from foretell.project.intervals import to_microseconds

BY_HOUR = np.array([0, 0, 0, 0, 0, 0, 1, 2, 4, 6, 7, 7, 6, 5, 5, 5, 6, 7, 7, 6, 4, 2, 1, 1]) / 82


def local_times(number: int, seed: int = 0, length: int = 365) -> list[datetime]:
    """Times of orders of a shop by day, naive."""
    random = np.random.default_rng(seed)
    day, hour = random.integers(length, size=number), random.choice(24, number, p=BY_HOUR)
    second = random.integers(3600, size=number)
    begin = datetime(2023, 1, 1)
    return [
        begin + timedelta(days=int(d), hours=int(h), seconds=int(s)) for d, h, s in zip(day, hour, second, strict=True)
    ]


def told(times: list[datetime], zone: str = "UTC", lived: str = "UTC") -> list[tuple[str, str]]:
    """What is suspected where times of one zone are read as those of another."""
    moments = np.array([to_microseconds(at.replace(tzinfo=ZoneInfo(lived))) for at in times], dtype=np.int64)
    found = clock_suspicions(Moments.of(moments, moments, zone), zone)
    return [(one.check, one.severity) for one in found]


def test_clean_clocks_raise_few_alarms() -> None:
    assert sum(bool(told(local_times(1_500, seed))) for seed in range(25)) <= 1
    assert told(local_times(4_000), "Europe/Berlin", "Europe/Berlin") == []
    even = [datetime(2023, 1, 1) + timedelta(minutes=97 * n) for n in range(5_000)]
    assert told(even) == []


def test_days_alone_are_told_as_such() -> None:
    days = [at.replace(hour=0, minute=0, second=0) for at in local_times(300)]
    assert told(days) == [("days only", "remark")]
    assert told(days, "UTC", "Europe/Berlin") == [("shifted clock", "warning")]
    assert told(days[:100]) == []


@pytest.mark.parametrize(("hours", "way"), [(9, "9 hours fast"), (-10, "slow"), (12, "hours fast")])
def test_orders_at_night(hours: int, way: str) -> None:
    at = np.array([to_microseconds(one.replace(tzinfo=UTC)) for one in local_times(800)]) + hours * 3_600_000_000
    (found,) = clock_suspicions(Moments.of(at, at, "UTC"), "UTC")
    assert found.check == "shifted clock"
    assert way in found.seen
    assert found.sought is not None
    assert ((at >= found.sought.since) & (at < found.sought.until)).any()


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Chicago"])
def test_times_of_a_place_with_summer_time_read_in_utc(zone: str) -> None:
    assert told(local_times(8_000), "UTC", zone) == [("clock without summer time", "warning")]
