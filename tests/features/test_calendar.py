"""Days of the week and hours of the day are told by the local clock, and hours only where the source has any."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.features import FEATURES
from made_orders import DAY, batch_of
from made_views import NOBODY_ELSE, bought, told

THURSDAY, SATURDAY, SUNDAY = 0, 2, 3
"""Days since 1970-01-01."""


def test_saturday_and_sunday_are_the_weekend() -> None:
    days = [bought(day, customer=str(day)) for day in range(7)]
    assert told("weekend_share", days) == {str(day): float(day in (SATURDAY, SUNDAY)) for day in range(7)}
    assert told("weekend_share", [bought(THURSDAY), bought(SATURDAY), bought(SUNDAY), bought(7)])["a"] == 0.5


@settings(max_examples=30)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=8))
def test_concentration_is_the_sum_of_squared_shares(weekdays: list[int]) -> None:
    found = told("weekday_concentration", [bought(7 * week + day) for week, day in enumerate(weekdays)])["a"]
    shares = [weekdays.count(day) / len(weekdays) for day in range(7)]
    assert found == pytest.approx(sum(share**2 for share in shares))


def test_the_evening_begins_at_17() -> None:
    before, at = bought(1 + 16.999 / 24), bought(2 + 17 / 24)
    assert told("evening_share", [before])["a"] == 0.0
    assert told("evening_share", [before, at])["a"] == 0.5
    assert told("hour_mean", [before, at])["a"] == 16.5


@pytest.mark.parametrize("name", ["evening_share", "hour_mean"])
def test_dates_without_times_tell_no_hour(name: str) -> None:
    found = told(name, [bought(1), bought(2), bought(1, customer="b"), bought(2.5, customer="b")])
    assert math.isnan(found["a"])
    assert math.isfinite(found["b"])


def test_a_friday_night_in_utc_is_a_saturday_where_clocks_are_ahead() -> None:
    lines = [bought(1 + 23.5 / 24)]
    for timezone, expected in (("UTC", 0.0), ("Asia/Tokyo", 1.0)):
        view = batch_of(lines, timezone).views([9 * DAY], lambda _: NOBODY_ELSE)[0]
        assert FEATURES["weekend_share"](view).tolist() == [expected]
