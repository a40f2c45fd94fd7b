"""A zone beside a clock time is its distance from UTC; none is told apart from UTC itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.cells.time_zones import offset_of


@given(st.sampled_from("+-"), st.integers(0, 14), st.integers(0, 59), st.sampled_from([":", ""]))
def test_hours_and_minutes_count_from_utc(sign: str, hours: int, minutes: int, between: str) -> None:
    east = (hours * 60 + minutes) * 60_000_000
    assert offset_of(f"{sign}{hours:02d}{between}{minutes:02d}") == (east if sign == "+" else -east)


@pytest.mark.parametrize("text", ["Z", "UTC", "GMT", "UTC+0", "+00:00"])
def test_utc_has_many_names(text: str) -> None:
    assert offset_of(text) == 0


def test_no_zone_is_not_utc() -> None:
    assert offset_of("") is None
    assert offset_of("UTC+2") == offset_of("+2") == 7_200_000_000
