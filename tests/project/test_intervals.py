"""A window is half-open, days begin at local midnight, and a moment becomes a date and back without loss."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.project.errors import InputError
from foretell.project.intervals import (
    MICROSECONDS_PER_DAY,
    Window,
    days,
    from_microseconds,
    label_window,
    midnight,
    parse_day,
    parse_horizon,
    parse_horizons,
    to_microseconds,
    zone,
)

ZONES = st.sampled_from(("UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Apia"))
MOMENTS = st.integers(-(10**16), 10**17)


@given(st.integers(-9, 9), st.integers(0, 9))
def test_windows_side_by_side_share_no_moment_and_leave_none_out(start: int, length: int) -> None:
    first, second = Window(start, start + length), Window(start + length, start + 2 * length)
    inside = [moment for moment in range(-9, 30) if moment in first or moment in second]
    assert inside == list(range(start, start + 2 * length))
    assert not any(moment in first and moment in second for moment in range(-9, 30))


def test_a_label_sees_its_cutoff_and_not_the_end_of_its_horizon() -> None:
    window = label_window(1_000, 30)
    assert 999 not in window
    assert 1_000 in window
    assert 1_000 + days(30) not in window
    assert window.days == 30


def test_part_of_a_day_is_rounded_to_the_microsecond() -> None:
    assert (days(1), days(0.5), days(-1)) == (MICROSECONDS_PER_DAY, MICROSECONDS_PER_DAY // 2, -MICROSECONDS_PER_DAY)


@pytest.mark.parametrize(("text", "told"), [("90d", 90), (" 13 W ", 91), ("1d", 1), ("1830D", 1830)])
def test_horizons_are_days_or_weeks(text: str, told: int) -> None:
    assert parse_horizon(text) == told


@pytest.mark.parametrize("text", ["", "0d", "1831d", "262w", "30", "-3d", "1.5w", "30dd", "123456d"])
def test_another_horizon_is_refused_as_it_was_given(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_horizon(text)
    assert refused.value.what == "The horizon cannot be read."
    assert (refused.value.found, refused.value.hint) == (text, "--horizon 90d")


def test_several_horizons_keep_their_order_and_count_once() -> None:
    assert parse_horizons("90d,13w, 30d,91d,90d") == (90, 91, 30)
    with pytest.raises(InputError):
        parse_horizons("90d,")


@given(MOMENTS, ZONES)
def test_a_moment_is_told_without_loss(moment: int, timezone: str) -> None:
    told = from_microseconds(moment, timezone)
    assert to_microseconds(told) == moment
    assert told == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)


@given(st.dates(date(1971, 1, 1), date(2100, 1, 1)), ZONES)
def test_a_day_begins_at_its_local_midnight(day: date, timezone: str) -> None:
    begin = midnight(day, timezone)
    assert parse_day(f" {day.isoformat()} ", timezone) == begin
    if day != date(2011, 12, 30):
        assert from_microseconds(begin, timezone).date() == day
        assert from_microseconds(begin - 1, timezone).date() < day


def test_days_on_which_clocks_change_are_longer_or_shorter() -> None:
    spring, after, autumn = (midnight(date(2024, *when), "Europe/London") for when in ((3, 31), (4, 1), (10, 27)))
    assert after - spring == days(23 / 24)
    assert midnight(date(2024, 10, 28), "Europe/London") - autumn == days(25 / 24)


def test_what_is_no_day_and_no_zone_is_refused() -> None:
    with pytest.raises(InputError, match="The date cannot be read") as day:
        parse_day("2023-02-29", "UTC")
    assert (day.value.found, day.value.hint) == ("2023-02-29", "--as-of 2011-06-12")
    for name in ("Mars/Olympus", "", "../etc/passwd", "Europe"):
        with pytest.raises(InputError, match="The time zone is not known") as unknown:
            zone(name)
        assert unknown.value.expected == "an IANA name"


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
@pytest.mark.parametrize("timezone", ["UTC", "Pacific/Kiritimati", "Pacific/Niue"])
def test_days_at_the_ends_of_the_calendar_are_out_of_reach(day: str, timezone: str) -> None:
    with pytest.raises(InputError, match="out of reach"):
        parse_day(day, timezone)


def test_horizons_are_few() -> None:
    assert len(parse_horizons(",".join(f"{n}d" for n in range(1, 13)))) == 12
    with pytest.raises(InputError, match="too many horizons"):
        parse_horizons(",".join(f"{n}d" for n in range(1, 14)))


@pytest.mark.parametrize("name", ["localtime", "posixrules", "Factory", "right/UTC", ""])
def test_a_zone_that_names_no_place_is_none(name: str) -> None:
    with pytest.raises(InputError, match="time zone"):
        zone(name)
