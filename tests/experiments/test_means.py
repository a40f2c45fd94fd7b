"""Welch's interval, what skew does to it, and the ratio of means."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from foretell.experiments.means import ArmSample, MeanComparison

NO_SLOPE, NO_COVARIANCE = np.zeros(0), np.zeros((0, 0))


def compared(control: np.ndarray, arm: np.ndarray) -> MeanComparison:
    return MeanComparison(ArmSample(control, NO_SLOPE), ArmSample(arm, NO_SLOPE), NO_COVARIANCE)


def spend(random: np.random.Generator, units: int, lift: float = 0.0) -> np.ndarray:
    bought = random.random(units) < 0.12
    return np.where(bought, random.lognormal(3.5, 0.9, units) * (1 + lift), 0.0)


def test_arms_of_one_size_are_compared_by_welch() -> None:
    random = np.random.default_rng(0)
    control, arm = spend(random, 600), spend(random, 600, 0.3)
    found, scipy = compared(control, arm), ttest_ind(arm, control, equal_var=False)
    assert found.p_value == pytest.approx(scipy.pvalue)
    low, high = scipy.confidence_interval()
    assert found.interval(0.05) == pytest.approx((low, high))
    assert found.method == "difference of means, Welch"


def test_the_relative_interval_is_fiellers() -> None:
    random = np.random.default_rng(1)
    control, arm = random.normal(10, 4, 500), random.normal(12, 6, 500)
    found = compared(control, arm)
    t = float(abs(ttest_ind(arm, control, equal_var=False).confidence_interval().low - found.effect) / found.error)
    v0, v1, m0, m1 = control.var(ddof=1) / 500, arm.var(ddof=1) / 500, control.mean(), arm.mean()
    roots = np.sort(np.roots([m0**2 - t**2 * v0, -2 * m0 * m1, m1**2 - t**2 * v1]).real)
    assert found.relative_interval(0.05) == pytest.approx(tuple(roots - 1), abs=1e-6)


def test_beside_a_small_holdout_the_correction_balances_the_misses() -> None:
    random = np.random.default_rng(2)
    truth = 0.12 * np.exp(3.5 + 0.9**2 / 2) * 0.1
    plain, corrected = [], []
    for _ in range(1_000):
        found = compared(spend(random, 500), spend(random, 4_500, 0.1))
        assert "Hall" in found.method
        interval = found.interval(0.05)
        assert interval is not None
        corrected.append((interval[0] > truth, interval[1] < truth))
        far = 1.965 * found.error
        plain.append((found.effect - far > truth, found.effect + far < truth))
    above, below = np.mean(plain, axis=0)
    assert above > 0.04
    assert below < 0.015
    above, below = np.mean(corrected, axis=0)
    assert above == pytest.approx(0.025, abs=0.014)
    assert below == pytest.approx(0.025, abs=0.014)


@pytest.mark.parametrize("alpha", [0.2, 0.05, 0.001])
def test_the_interval_leaves_out_nothing_where_the_p_value_is_below(alpha: float) -> None:
    random = np.random.default_rng(3)
    for lift in np.linspace(0, 0.9, 12):
        found = compared(spend(random, 150), spend(random, 1_500, lift))
        interval, p = found.interval(alpha), found.p_value
        assert interval is not None
        assert p is not None
        assert (interval[0] > 0 or interval[1] < 0) == (p < alpha)


def test_an_early_look_takes_the_larger_error() -> None:
    random = np.random.default_rng(4)
    nobody_yet = compared(np.zeros(20), spend(random, 300))
    pooled = ttest_ind(spend(np.random.default_rng(4), 300), np.zeros(20), equal_var=True)
    t, p = nobody_yet.effect / nobody_yet.wary_error, pooled.pvalue
    assert t == pytest.approx(float(pooled.statistic))
    assert nobody_yet.error < nobody_yet.wary_error
    assert p > 0.05
    wary = nobody_yet.wary_interval(0.05)
    assert wary is not None
    assert wary[0] < 0 < wary[1]
    assert nobody_yet.wary_z == pytest.approx(-t, rel=0.02)


def test_without_a_spread_or_a_control_there_is_no_interval() -> None:
    same = compared(np.full(5, 2.0), np.full(5, 3.0))
    assert same.effect == 1
    assert (same.interval(0.05), same.p_value, same.relative_interval(0.05)) == (None, None, None)
    assert (same.wary_interval(0.05), same.wary_z) == (None, None)
    around_nothing = compared(np.array([-1.0, 1.0, -2.0, 2.1]), np.array([5.0, 6.0, 7.0, 8.0]))
    assert around_nothing.interval(0.05) is not None
    assert around_nothing.relative_interval(0.05) is None
