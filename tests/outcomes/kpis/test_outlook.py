"""The outlook of a KPI, by how such outlooks missed in the past."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.outcomes.kpis.outlook import LEAST_DISJOINT, TEACHING_DAYS, outlook_of
from foretell.outcomes.kpis.series import Daily


def flow(values: np.ndarray) -> Daily:
    return Daily(0, np.asarray(values, dtype=np.float64), is_flow=True)


def test_what_comes_every_day_goes_on() -> None:
    found = outlook_of(flow(np.full(300, 4.0)), 290, 320)
    assert found.now == 40
    assert (found.expected, found.low, found.high) == pytest.approx((120, 120, 120))


def test_a_period_that_is_over_is_what_came() -> None:
    found = outlook_of(flow(np.arange(300.0)), 290, 300)
    assert found.now == found.expected == sum(range(290, 300))


def test_too_short_a_past_tells_no_interval() -> None:
    days = TEACHING_DAYS + 10 * LEAST_DISJOINT - 1
    assert outlook_of(flow(np.ones(days)), 0, days + 10).expected is None
    assert outlook_of(flow(np.ones(days + 1)), 0, days + 11).expected is not None


def test_a_standing_stays_and_moves_as_it_did() -> None:
    rising = Daily(0, np.arange(200.0), is_flow=False)
    found = outlook_of(rising, 180, 210)
    assert (found.now, found.expected) == (199, 209)
    held = outlook_of(Daily(0, np.full(200, 0.3), is_flow=False), 180, 210)
    assert held.low == held.high == pytest.approx(0.3)


def test_the_interval_holds_what_comes() -> None:
    random = np.random.default_rng(7)
    inside = 0
    for _ in range(300):
        days = random.poisson(20 * np.exp(np.cumsum(random.normal(0, 0.01, 430))))
        found = outlook_of(flow(days[:400]), 395, 430)
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= days[395:430].sum() <= found.high
    assert 0.7 <= inside / 300 <= 0.9


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=400), st.integers(1, 40), st.booleans())
def test_ends_are_in_order_and_no_less_than_what_came(values: list[float], left: int, is_flow: bool) -> None:
    series = Daily(0, np.array(values), is_flow)
    found = outlook_of(series, len(values) - 1, len(values) + left)
    if found.expected is not None and found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.expected <= found.high
        assert not is_flow or found.low >= found.now
