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
    pace_of,
    share_of,
    weight_of,
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


@given(st.floats(-2, 2), st.floats(0, 1), st.floats(0, 1))
def test_the_more_changes_and_the_less_is_chance_the_more_is_believed(
    change: float, chance: float, more: float
) -> None:
    assert 0 <= weight_of(change, chance + more) <= weight_of(change, chance) <= 1
    assert weight_of(-change, chance) == weight_of(change, chance)
    assert weight_of(change / 2, chance) <= weight_of(change, chance)
    assert weight_of(change, max(chance, abs(change))) == 0


def test_paces_keep_within_bounds() -> None:
    assert (pace_of(0, 10), pace_of(99, 1), pace_of(5, 0)) == (SLOWEST, FASTEST, 1.0)
