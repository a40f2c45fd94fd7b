"""The season: found where it was planted and comes back, left alone where there is none, and never from the future."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.forecasts.season.season import FURTHEST_SHIFT, NO_SEASON, Season, index_of

YEAR = 364
APART, HORIZON = 14, 30
DAYS = np.arange(0, 3 * YEAR, APART)


def season(index: np.ndarray, upto: int = 3 * YEAR) -> Season:
    kept = upto >= DAYS + HORIZON
    return Season(HORIZON, DAYS[kept], index[kept])


def peak(size: float, noise: float = 0.02, trend: float = 0.0, seed: int = 1) -> np.ndarray:
    """An index with a peak at the end of each year."""
    random = np.random.default_rng(seed)
    in_year = DAYS % YEAR
    return np.where(in_year > YEAR - 45, size, 0.0) + random.normal(0, noise, len(DAYS)) + trend * DAYS / YEAR


def test_half_of_a_peak_that_came_back_is_taken() -> None:
    before_the_third = 3 * YEAR - 30
    found = season(peak(0.7), before_the_third).shift(before_the_third)
    assert found.is_used
    assert found.value == pytest.approx(0.35, abs=0.08)
    assert found.tests >= 2
    assert found.error is not None
    assert found.error_with is not None
    assert found.error_with < 0.8 * found.error


def test_after_the_peak_the_level_goes_down_again() -> None:
    found = season(peak(0.7)).shift(3 * YEAR)
    assert found.value < -0.1


def test_a_trend_is_no_season() -> None:
    steep = [season(peak(0.0, trend=trend)).shift(3 * YEAR - 60) for trend in (0.3, -0.3)]
    assert [one.value for one in steep] == [0.0, 0.0]
    told = season(peak(0.7, trend=-0.2), 3 * YEAR - 30).shift(3 * YEAR - 30)
    assert told.value == pytest.approx(0.35, abs=0.1)


def test_chance_is_seldom_taken_for_a_season() -> None:
    taken = [season(peak(0.0, 0.1, seed=seed)).shift(3 * YEAR - 60).is_used for seed in range(100)]
    assert np.mean(taken) <= 0.1


def test_a_peak_that_comes_only_once_is_not_used() -> None:
    once = peak(0.7)
    once[DAYS > YEAR] = peak(0.0)[DAYS > YEAR]
    assert season(once).shift(3 * YEAR - 60).value == 0
    assert "would not have brought totals closer" in season(once).shift(3 * YEAR - 60).why


def test_a_short_series_says_that_it_is_short() -> None:
    short = Season(HORIZON, DAYS[:20], peak(0.7)[:20])
    found = short.shift(int(DAYS[19]) + HORIZON)
    assert found.value == 0
    assert "too short" in found.why
    assert (found.error, found.error_with) == (None, None)
    assert Season(HORIZON, DAYS[:0], np.zeros(0), "no log").shift(0).why == "no log"
    assert not NO_SEASON.is_used


def test_a_quarter_of_a_peak_that_was_seen_once_is_taken_before_its_second_year() -> None:
    before_the_second = 2 * YEAR - 40
    found = season(peak(0.8), before_the_second).shift(before_the_second)
    assert found.value == pytest.approx(0.2, abs=0.02)
    assert "but once" in found.why
    assert (found.tests, found.error) == (0, None)


def test_weeks_that_did_not_stand_out_are_no_peak() -> None:
    taken = [season(peak(0.0, 0.1, seed=seed), day).shift(day).is_used for seed in range(60) for day in (430, 470, 520)]
    assert np.mean(taken) <= 0.05


@given(st.integers(2 * YEAR, 3 * YEAR), st.integers(0, 5), st.floats(-5, 5))
def test_what_comes_after_the_day_changes_nothing(day: int, seed: int, level: float) -> None:
    index = peak(0.7, seed=seed)
    later = index.copy()
    later[day < DAYS + HORIZON] = level
    assert season(index).shift(day) == season(later).shift(day)


@given(st.integers(0, 50), st.floats(0.1, 20))
def test_a_shift_is_bounded(seed: int, size: float) -> None:
    assert abs(season(peak(size, seed=seed)).shift(3 * YEAR - 30).value) <= FURTHEST_SHIFT


def test_few_orders_say_little() -> None:
    assert index_of(np.array([2.0]), np.array([1.0]))[0] < 0.1
    assert index_of(np.array([2_000.0]), np.array([1_000.0]))[0] == pytest.approx(np.log(2), abs=0.01)
    assert index_of(np.zeros(1), np.zeros(1))[0] == 0
