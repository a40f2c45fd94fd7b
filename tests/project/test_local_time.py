"""Local clock time of many moments is that of each one alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.project.errors import InputError
from foretell.project.intervals import days, from_microseconds, midnight, to_microseconds
from foretell.project.local_time import local_days, local_microseconds, refuse_zone

ZONES = st.sampled_from(("UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Apia"))


LAST_KNOWN_CHANGE = to_microseconds(datetime(2037, 1, 1, tzinfo=UTC))


@given(st.lists(st.integers(0, LAST_KNOWN_CHANGE), max_size=8), ZONES)
def test_clock_times_and_days_are_those_that_a_calendar_tells(moments: list[int], timezone: str) -> None:
    told = [from_microseconds(moment, timezone) for moment in moments]
    clocks = [to_microseconds(one.replace(tzinfo=UTC)) for one in told]
    asked = np.array(moments, dtype=np.int64)
    assert local_microseconds(asked, timezone).tolist() == clocks
    found = local_days(asked, timezone)
    assert found.dtype == np.int32
    assert found.tolist() == [(one.date() - date(1970, 1, 1)).days for one in told]


@pytest.mark.xfail(reason="Arrow knows no summer time after 2037, the calendar does", strict=True)
def test_summers_after_2037_have_summer_time() -> None:
    moment = to_microseconds(datetime(2096, 7, 1, 12, tzinfo=UTC))
    told = to_microseconds(from_microseconds(moment, "America/New_York").replace(tzinfo=UTC))
    assert local_microseconds(np.array([moment]), "America/New_York").tolist() == [told]


def test_the_hour_that_comes_twice_is_told_twice() -> None:
    first = to_microseconds(datetime(2024, 10, 27, 0, 30, tzinfo=UTC))
    clocks = local_microseconds(np.array([first, first + days(1 / 24)]), "Europe/London")
    assert clocks[0] == clocks[1]


def test_the_last_moment_before_midnight_belongs_to_the_day_before() -> None:
    begin = midnight(date(2024, 7, 1), "Europe/London")
    before, after = local_days(np.array([begin - 1, begin]), "Europe/London")
    assert after - before == 1


def test_a_zone_is_one_that_python_and_arrow_know() -> None:
    for name in ("UTC", "Europe/London", "Asia/Kathmandu"):
        refuse_zone(name)
    for name in ("localtime", "Factory", "Mars/Olympus"):
        with pytest.raises(InputError, match="time zone"):
            refuse_zone(name)
