"""The plan follows from what the log held before the as-of date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.examples.grid import cutoff_grid, least_history_days, proving_grid
from foretell.examples.plan import LastDay
from foretell.project.intervals import days, from_microseconds, midnight


def day(moment: int) -> date:
    return from_microseconds(moment).date()


def test_a_day_that_ended_early_is_not_complete() -> None:
    usual = 20 * 3600
    assert day(LastDay(19_000, 21 * 3600, usual).as_of("UTC")) == day(days(19_001))
    assert day(LastDay(19_000, 12 * 3600, usual).as_of("UTC")) == day(days(19_000))


def test_dates_without_times_make_complete_days() -> None:
    end_of_day = 86_399
    assert day(LastDay(19_000, end_of_day, end_of_day).as_of("UTC")) == day(days(19_001))


@given(
    horizon=st.integers(1, 400),
    span=st.integers(1, 2000),
    timezone=st.sampled_from(["UTC", "Europe/London", "America/New_York"]),
)
def test_a_test_is_taught_only_by_labels_that_were_ripe_at_it(horizon: int, span: int, timezone: str) -> None:
    as_of = midnight(date(2024, 7, 1), timezone)
    log_start = as_of - days(span)
    grid = cutoff_grid(as_of, horizon, log_start, timezone)
    if grid is None:
        return
    assert all(cutoff + days(horizon) <= as_of for cutoff in grid.cutoffs)
    assert all(cutoff - log_start >= days(least_history_days(horizon)) for cutoff in grid.cutoffs)
    for test in grid.tests:
        teaching = grid.teaching(test)
        assert teaching
        assert all(cutoff + days(horizon) <= test for cutoff in teaching)
    assert all(from_microseconds(cutoff, timezone).hour == 0 for cutoff in grid.cutoffs)


@pytest.mark.parametrize(("span", "expected"), [(800, 90), (200, 45), (120, 45), (70, 22)])
def test_a_short_log_is_proved_over_a_part_of_the_horizon(span: int, expected: int) -> None:
    as_of = midnight(date(2024, 7, 1), "UTC")
    grid = proving_grid(as_of, 90, as_of - days(span), "UTC")
    assert grid is not None
    assert grid.horizon_days == expected
    assert grid.shortened_from == (None if expected == 90 else 90)


def test_no_history_no_proof() -> None:
    as_of = midnight(date(2024, 7, 1), "UTC")
    assert proving_grid(as_of, 90, as_of - days(20), "UTC") is None
