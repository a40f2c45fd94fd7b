"""Score intervals of two shares, against published ones, by inversion, and by coverage."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from foretell.experiments.rates import RateComparison


@pytest.mark.parametrize(
    ("arm", "control", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0528, 0.3382),
        ((9, 10), (3, 10), 0.1700, 0.8406),
        ((5, 56), (0, 29), -0.0326, 0.1933),
    ],
)
def test_published_intervals(arm: tuple[int, int], control: tuple[int, int], low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 1998, table II, method 6 (Mee and Miettinen-Nurminen)."""
    found = RateComparison(*control, *arm).interval(0.05)
    assert found == pytest.approx((low, high), abs=0.0002)


counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=60, deadline=None)
@given(control=counts, arm=counts)
def test_interval_relative_interval_and_p_value_agree(control: tuple[int, int], arm: tuple[int, int]) -> None:
    found = RateComparison(*control, *arm)
    low, high = found.interval(0.05)
    assert -1 <= low <= found.effect <= high <= 1
    if abs(found.p_value - 0.05) < 1e-6:
        return
    surprising = found.p_value < 0.05
    assert (low > 0 or high < 0) == surprising
    relative = found.relative_interval(0.05)
    if relative is not None:
        assert -1 <= relative[0] <= found.arm_mean / found.control_mean - 1 + 1e-9 <= relative[1] + 1e-9
        assert (relative[0] > 0 or relative[1] < 0) == surprising


@settings(max_examples=25, deadline=None)
@given(control=counts, arm=counts)
def test_the_other_way_round_is_the_mirror(control: tuple[int, int], arm: tuple[int, int]) -> None:
    low, high = RateComparison(*control, *arm).interval(0.05)
    assert RateComparison(*arm, *control).interval(0.05) == pytest.approx((-high, -low), abs=1e-7)


def test_rare_outcomes_beside_a_small_holdout_are_covered() -> None:
    """All possible counts with their chances: no simulation."""
    n, m, p, q = 300, 60, 0.06, 0.03
    covered = 0.0
    for happened in range(50):
        for control in range(12):
            chance = binom.pmf(happened, n, p) * binom.pmf(control, m, q)
            if chance > 1e-6:
                low, high = RateComparison(control, m, happened, n).interval(0.05)
                covered += float(chance) * (low <= p - q <= high)
    assert 0.94 <= covered <= 0.975


def test_nobody_and_everybody() -> None:
    nobody = RateComparison(0, 20, 0, 30)
    assert nobody.p_value == 1
    assert nobody.relative_interval(0.05) is None
    low, high = nobody.interval(0.05)
    assert low < 0 < high
    assert RateComparison(0, 10, 10, 10).interval(0.05)[1] == 1
    everybody = RateComparison(10, 10, 0, 10).relative_interval(0.05)
    assert everybody is not None
    assert everybody[0] == -1
    assert RateComparison(10, 10, 10, 10).effect == 0
    assert math.isfinite(RateComparison(1, 1, 0, 1).p_value)
    assert "score" in nobody.method
