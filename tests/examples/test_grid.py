"""The grid of cutoffs: labels are ripe, tests are taught by what was ripe at them, cutoffs are local midnights."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.examples.grid import CutoffGrid, cutoff_grid, least_history_days, proving_grid
from foretell.project.intervals import days, from_microseconds, midnight

TIMEZONES = st.sampled_from(("UTC", "Europe/London", "America/New_York", "Australia/Sydney"))
DATES = st.dates(date(2005, 1, 1), date(2025, 12, 31))


def assert_sound(grid: CutoffGrid, as_of: int, log_start: int, timezone: str) -> None:
    horizon = days(grid.horizon_days)
    assert list(grid.lattice) == sorted(set(grid.lattice), reverse=True)
    for cutoff in grid.lattice:
        assert cutoff + horizon <= as_of
        assert cutoff >= log_start + days(least_history_days(grid.horizon_days))
        assert from_microseconds(cutoff, timezone).time().isoformat() == "00:00:00"
    for test in grid.tests:
        assert grid.teaching(test)
        assert all(cutoff + horizon <= test for cutoff in grid.teaching(test))
    assert set(grid.cutoffs) == {*grid.training, *grid.tests, *(c for test in grid.tests for c in grid.teaching(test))}
    assert set(grid.cutoffs) <= {*grid.lattice, *grid.same_weeks}
    for cutoff in grid.same_weeks:
        assert cutoff >= log_start + days(least_history_days(grid.horizon_days))
        assert from_microseconds(cutoff, timezone).time().isoformat() == "00:00:00"
    assert 0 <= grid.disjoint_tests <= len(grid.tests)
    assert bool(grid.disjoint_tests) == bool(grid.tests)


@given(DATES, st.integers(1, 400), st.integers(0, 1_500), TIMEZONES)
def test_every_grid_is_sound(day: date, horizon_days: int, history_days: int, timezone: str) -> None:
    as_of, log_start = midnight(day, timezone), midnight(day - timedelta(days=history_days), timezone) + 3_600_000_000
    grid = cutoff_grid(as_of, horizon_days, log_start, timezone)
    if grid is None:
        assert history_days <= horizon_days + least_history_days(horizon_days) + 1
    else:
        assert (grid.horizon_days, grid.as_of, grid.shortened_from) == (horizon_days, as_of, None)
        assert_sound(grid, as_of, log_start, timezone)


@given(DATES, st.integers(1, 400), st.integers(0, 1_500), TIMEZONES)
def test_what_proves_has_a_test(day: date, horizon_days: int, history_days: int, timezone: str) -> None:
    as_of, log_start = midnight(day, timezone), midnight(day - timedelta(days=history_days), timezone)
    grid = proving_grid(as_of, horizon_days, log_start, timezone)
    if grid is not None:
        assert grid.tests
        assert (grid.shortened_from is None) == (grid.horizon_days == horizon_days)
        assert grid.shortened_from in (None, horizon_days)
        assert_sound(grid, as_of, log_start, timezone)
    whole = cutoff_grid(as_of, horizon_days, log_start, timezone)
    if whole is not None and whole.tests:
        assert grid == whole


@given(DATES, st.integers(1, 200), TIMEZONES)
def test_an_older_log_never_has_fewer_cutoffs(day: date, horizon_days: int, timezone: str) -> None:
    as_of = midnight(day, timezone)
    grids = [cutoff_grid(as_of, horizon_days, as_of - days(history), timezone) for history in (50, 300, 900, 3_000)]
    lattices = [grid.lattice if grid else () for grid in grids]
    for younger, older in itertools.pairwise(lattices):
        assert older[: len(younger)] == younger


@pytest.mark.parametrize(("history_days", "tests", "disjoint"), [(40, 0, 0), (100, 2, 1), (200, 4, 2), (900, 4, 2)])
def test_tests_are_half_a_horizon_apart(history_days: int, tests: int, disjoint: int) -> None:
    as_of = midnight(date(2011, 6, 12), "UTC")
    grid = cutoff_grid(as_of, 30, as_of - days(history_days), "UTC")
    found = () if grid is None else grid.tests
    assert len(found) == tests
    assert (grid.disjoint_tests if grid else 0) == disjoint
    assert all(later - earlier == days(14) for later, earlier in itertools.pairwise(found))


@given(DATES, st.integers(1, 400), TIMEZONES)
def test_the_same_weeks_of_other_years_teach_where_two_years_are_known(day: date, horizon: int, timezone: str) -> None:
    as_of = midnight(day, timezone)
    young = cutoff_grid(as_of, horizon, midnight(day - timedelta(days=720), timezone), timezone)
    assert young is None or young.same_weeks == ()
    old = cutoff_grid(as_of, horizon, midnight(day - timedelta(days=3_000), timezone), timezone)
    assert old is not None
    years = [n for n in (1, 2, 3) if 364 * n >= horizon]
    same = {midnight(day - timedelta(days=364 * n), timezone) for n in years}
    assert {one for one in same if one + days(horizon) <= as_of} <= set(old.training)
    assert set(old.training) <= {*old.lattice[:8], *same}
    for test in old.tests:
        back = [from_microseconds(test, timezone).date() - timedelta(days=364 * n) for n in years]
        also = {midnight(one, timezone) for one in back}
        assert {one for one in also if one + days(horizon) <= test} <= set(old.teaching(test))


def test_a_year_is_told_by_what_came_a_year_earlier() -> None:
    as_of = midnight(date(2019, 6, 1), "UTC")
    grid = cutoff_grid(as_of, 365, as_of - days(3_000), "UTC")
    assert grid is not None
    assert [(as_of - cutoff) // days(1) for cutoff in grid.training][-2:] == [728, 1_092]
