"""Headcounts: intervals that hold what comes, with chance alone and with a shock that all customers share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.segments.migration.headcount import (
    LEAST_EXPECTED,
    UNTESTED_SHOCK,
    chance_variance,
    common_shock,
    headcount,
)

SEGMENTS = 8


def covered(shock: float, past: int, seed: int, worlds: int = 400) -> float:
    """The share of headcounts inside intervals whose shock so many past forecasts of the same world told."""
    random = np.random.default_rng(seed)
    inside = []
    for _ in range(worlds):
        expected = np.exp(random.uniform(np.log(30), np.log(3_000), SEGMENTS))
        variance = 0.5 * expected
        shape = (past + 1, SEGMENTS)
        came = expected + np.sqrt(variance) * random.normal(size=shape) + shock * expected * random.normal(size=shape)
        wide, likely = np.broadcast_to(variance, shape)[:past], np.broadcast_to(expected, shape)[:past]
        found = headcount(expected, variance, common_shock(likely, wide, came[:past]), past)
        inside.append((found.low <= came[past]) & (came[past] <= found.high))
    return float(np.mean(inside))


@pytest.mark.parametrize("shock", [0.0, 0.05, 0.2])
@pytest.mark.parametrize(("past", "most"), [(1, 1.0), (2, 0.96), (4, 0.9)])
def test_intervals_hold_about_four_fifths_and_more_where_few_forecasts_taught(
    shock: float, past: int, most: float
) -> None:
    assert 0.75 < covered(shock, past, seed=past) < most


def test_a_shock_is_found() -> None:
    random = np.random.default_rng(3)
    expected = np.full((40, SEGMENTS), 2_000.0)
    for shock in (0.03, 0.1, 0.5):
        came = random.poisson(expected * (1 + shock * random.normal(size=expected.shape)).clip(0))
        assert common_shock(expected, expected, came) == pytest.approx(shock, rel=0.4)
    assert common_shock(expected, expected, expected) == 0


def test_one_segment_that_went_astray_does_not_decide() -> None:
    random = np.random.default_rng(4)
    expected = np.full((4, SEGMENTS), 2_000.0)
    came = expected * (1 + 0.05 * random.normal(size=expected.shape))
    came[0, 0] = 6_000.0
    assert common_shock(expected, expected, came) < 0.15


@given(st.floats(0, LEAST_EXPECTED - 0.01), st.floats(0, 1e4))
def test_small_segments_tell_nothing_of_the_shock(expected: float, came: float) -> None:
    told = common_shock(np.array([[expected]]), np.array([[1.0]]), np.array([[came]]))
    assert told == UNTESTED_SHOCK


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 2), st.integers(0, 12))
def test_an_interval_holds_the_expected_number(expected: float, variance: float, shock: float, past: int) -> None:
    found = headcount(np.array([expected]), np.array([variance]), shock, past)
    assert 0 <= found.low[0] <= expected <= found.high[0]
    wider = headcount(np.array([expected]), np.array([variance]), shock + 0.1, past)
    assert wider.high[0] >= found.high[0]
    surer = headcount(np.array([expected]), np.array([variance]), shock, past + 5)
    assert surer.high[0] <= found.high[0]


def test_the_variance_is_that_of_independent_customers() -> None:
    random = np.random.default_rng(5)
    chance = random.dirichlet(np.ones(4), 200)
    drawn = (random.random((4_000, 200, 1)) > np.cumsum(chance, axis=1)).sum(axis=2)
    counts = np.stack([(drawn == code).sum(axis=1) for code in range(4)], axis=1)
    np.testing.assert_allclose(counts.mean(axis=0), chance.sum(axis=0), rtol=0.02)
    np.testing.assert_allclose(counts.var(axis=0), chance_variance(chance), rtol=0.15)
