"""Power, against figures by hand, published ones and simulated experiments."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.experiments.power import (
    customers_needed,
    detectable_difference,
    detectable_mean_difference,
    seen_with,
    smallest_holdout,
)


def test_a_tenth_of_five_thousand_sees_five_points() -> None:
    assert detectable_difference(0.20, control=500, treated=4_500) == pytest.approx(0.053, abs=0.0005)


def test_published_sizes_of_equal_arms() -> None:
    """Chow, Shao and Wang, example 4.2: .65 against .85 at 80 % takes 70 an arm."""
    assert customers_needed(0.65, 0.20) == pytest.approx(2 * 70, abs=2)


def test_means_need_what_the_textbook_says() -> None:
    """Lehr's rule of 16: n = 16 s^2 / d^2 an arm at 80 %."""
    assert detectable_mean_difference(1.0, 1_600, 1_600) == pytest.approx(0.1, rel=0.02)


def test_the_power_is_the_share_of_simulated_experiments_that_see_it() -> None:
    random = np.random.default_rng(1)
    control, treated, draws = 400, 1_600, 20_000
    a = random.binomial(control, 0.10, draws) / control
    b = random.binomial(treated, 0.15, draws) / treated
    z = (b - a) / np.sqrt(a * (1 - a) / control + b * (1 - b) / treated)
    assert seen_with(0.10, 0.05, control, treated) == pytest.approx(np.mean(np.abs(z) > 1.959964), abs=0.03)


@settings(max_examples=40, deadline=None)
@given(rate=st.floats(0.01, 0.6), control=st.integers(200, 50_000), treated=st.integers(200, 50_000))
def test_difference_and_size_are_each_others_inverse(rate: float, control: int, treated: int) -> None:
    difference = detectable_difference(rate, control, treated)
    if math.isinf(difference):
        assert seen_with(rate, 1 - rate, control, treated) < 0.8
        return
    assert seen_with(rate, difference, control, treated) == pytest.approx(0.8, abs=1e-4)
    needed = customers_needed(rate, difference, control / (control + treated))
    assert needed == pytest.approx(control + treated, rel=1e-3, abs=2)


@settings(max_examples=30, deadline=None)
@given(rate=st.floats(0.02, 0.5), customers=st.integers(2_000, 100_000))
def test_the_smallest_holdout_sees_it_and_one_less_does_not(rate: float, customers: int) -> None:
    difference = 0.04
    kept = smallest_holdout(rate, difference, customers)
    if kept is None:
        assert seen_with(rate, difference, customers // 2, customers - customers // 2) < 0.8
        return
    assert seen_with(rate, difference, kept, customers - kept) >= 0.8
    assert kept == 1 or seen_with(rate, difference, kept - 1, customers - kept + 1) < 0.8


def test_what_cannot_be_seen_is_infinite_and_nonsense_is_refused() -> None:
    assert math.isinf(detectable_difference(0.5, 3, 3))
    assert math.isinf(detectable_difference(0.2, 0, 100))
    assert math.isinf(detectable_mean_difference(1.0, 10, 0))
    assert smallest_holdout(0.2, 0.05, 1) is None
    with pytest.raises(ValueError, match="no share"):
        seen_with(0.9, 0.2, 10, 10)
    with pytest.raises(ValueError, match="no shares"):
        detectable_difference(1.2, 10, 10)
    with pytest.raises(ValueError, match="between 0 and 1"):
        customers_needed(0.2, 0.05, 1.0)
    with pytest.raises(ValueError, match="nothing"):
        customers_needed(0.2, 0.0)
