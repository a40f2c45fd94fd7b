"""Control limits: the budget of false alarms is kept, and what really moves is seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foretell.alerts.control_limits import LEAST_WEEKS, WEEKS_PER_MONTH, control_limits, levels


def weeks(random: np.random.Generator, series: int, length: int, correlation: float) -> np.ndarray:
    """float64 [series, weeks] around 200, each week's deviation taking `correlation` of the one before."""
    chance = random.normal(size=(series, length + 50))
    found = np.zeros_like(chance)
    for week in range(1, length + 50):
        found[:, week] = correlation * found[:, week - 1] + np.sqrt(1 - correlation**2) * chance[:, week]
    return np.maximum(200 + 15 * found[:, 50:], 0)


def named(series: np.ndarray) -> dict[str, np.ndarray]:
    return {f"series {place}": values for place, values in enumerate(series)}


@pytest.mark.parametrize(("series", "correlation"), [(1, 0.0), (8, 0.0), (8, 0.5)])
def test_about_one_false_alarm_a_month_over_all_series(series: int, correlation: float) -> None:
    random, projects = np.random.default_rng(3), 250
    alarms = sum(
        bool(control_limits(named(weeks(random, series, 27, correlation)), seed=seed).signals)
        for seed in range(projects)
    )
    assert 0.5 < alarms / projects * WEEKS_PER_MONTH < 1.5


def test_more_series_have_wider_limits() -> None:
    history = weeks(np.random.default_rng(4), 8, 60, 0.0)
    assert control_limits(named(history)).limit > control_limits(named(history[:1])).limit + 0.3


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_a_jump_is_seen_with_its_direction(factor: float) -> None:
    history = weeks(np.random.default_rng(5), 4, 40, 0.3)
    history[2, -1] *= factor
    found = {signal.series: signal for signal in control_limits(named(history)).signals}
    signal = found["series 2"]
    assert signal.direction == ("up" if factor > 1 else "down")
    assert not signal.low <= signal.value <= signal.high


def test_a_rising_series_is_no_alarm_by_itself() -> None:
    rising = np.arange(100, 160, dtype=np.float64) + np.random.default_rng(6).normal(size=60)
    limits = control_limits({"rising": rising})
    assert limits.signals == ()
    assert limits.watched == ("rising",)


def test_too_short_or_unmoved_is_not_watched() -> None:
    short = control_limits({"short": np.arange(LEAST_WEEKS, dtype=np.float64)})
    assert short.signals == ()
    assert f"{LEAST_WEEKS} weeks" in short.cannot
    history = np.random.default_rng(7).normal(100, 5, 30)
    flat = np.append(np.full(29, 4.0), 9.0)
    gap = history.copy()
    gap[-3] = np.nan
    limits = control_limits({"known": history, "flat": flat, "gap": gap})
    assert limits.watched == ("known",)
    assert limits.unwatched == ("flat", "gap")
    assert control_limits({}).cannot


@settings(max_examples=40)
@given(
    st.integers(1, 4).flatmap(
        lambda series: arrays(np.float64, (series, 30), elements=st.floats(0, 1e9) | st.just(np.nan))
    )
)
def test_a_signal_is_outside_its_limits_and_the_rest_inside(series: np.ndarray) -> None:
    limits = control_limits(named(series))
    outside = {signal.series for signal in limits.signals}
    assert outside <= set(limits.watched)
    assert set(limits.watched) | set(limits.unwatched) == set(named(series))
    for signal in limits.signals:
        assert signal.low <= signal.high
        assert np.isfinite(signal.deviation)
        assert abs(signal.deviation) > limits.limit


def test_the_level_is_the_median_of_the_weeks_before() -> None:
    assert levels(np.array([[1.0, 2, 3, 100, 7, 8]])).tolist() == [[2.5, 3.0]]
