"""The pace of a window: clocks of past windows, and what they say of the rest of this one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.outcomes.estimates.pace import (
    FASTEST,
    SLOWEST,
    Buyers,
    clock_of_buyers,
    clock_of_totals,
    kept,
    pace_of,
    share_of,
    total,
)
from outcomes.estimates.past_windows import DAYS, HORIZON, arrivals, chances


def test_the_clock_of_steady_customers_is_the_calendar_whatever_the_level() -> None:
    draws = np.random.default_rng(1)
    chance = chances(draws, 20_000)
    for level in (1.0, 0.6):
        came = (arrivals(draws, chance, level) > 0).sum(axis=0)
        buyers = Buyers(1 - (1 - chance) ** level)
        clocks = [clock_of_buyers([buyers], [float(one)], [float(came[-1])]) for one in came[:-1]]
        assert clocks == pytest.approx([day / HORIZON for day in DAYS], abs=0.02)
    assert (buyers.by(0), buyers.by(1)) == pytest.approx((0, buyers.chance.sum()), rel=1e-4)
    assert clock_of_buyers([buyers], [0.0], [0.0]) == 0
    assert clock_of_totals([0], [0]) == 0


@given(st.floats(0.01, 0.99), st.floats(0, 1))
def test_two_parts_of_a_window_make_the_whole(chance: float, part: float) -> None:
    one = np.array([chance])
    first, rest = share_of(one, part), share_of(one, 1 - part)
    assert first + (1 - first) * rest == pytest.approx(one)


def test_half_the_orders_by_half_of_the_window_are_seen_by_a_pace_that_is_kept_and_not_by_one_that_is_not() -> None:
    draws = np.random.default_rng(4)
    chance = chances(draws, 20_000)
    orders = arrivals(draws, chance, 0.5)
    came, ordered = orders[:, -1] > 0, orders[:, 1] > 0
    kept, left = (Buyers(chance).believed(ordered, 0.5, weight) for weight in (1.0, 0.0))
    assert kept.sum() == pytest.approx(came.sum(), rel=0.02)
    assert left.sum() > 1.2 * came.sum()
    assert (kept[ordered] == 1).all()
    nobody = np.zeros(len(chance), dtype=bool)
    assert Buyers(chance).believed(nobody, 0.0, 1.0) == pytest.approx(chance), "nothing has passed yet"


def test_totals_and_paces_within_bounds() -> None:
    assert total(100.0, 80.0, 0.5, 1.0) == pytest.approx(160.0)
    assert total(100.0, 0.0, 0.0, 1.0) == 100.0
    assert (pace_of(0, 10), pace_of(99, 1), pace_of(5, 0)) == (SLOWEST, FASTEST, 1.0)


@given(st.floats(SLOWEST, FASTEST), st.floats(0, 0.5), st.floats(0, 0.5))
def test_the_more_paces_have_lasted_and_the_more_they_differ_the_more_is_kept(
    pace: float, spread: float, more: float
) -> None:
    assert 0 <= kept(pace, spread + more) <= kept(pace, spread) <= 1
    assert kept(1 / pace, spread) == pytest.approx(kept(pace, spread))
    assert kept(pace**0.5, spread) <= kept(pace, spread) + 1e-12
