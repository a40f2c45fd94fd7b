"""CUPED: the same effect, less noise, nothing where nothing was known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from foretell.experiments.adjustment import Measured, capped, compared_means, filled, limit_of, share_left


def panel(random: np.random.Generator, units: int, lift: float) -> Measured:
    rate = random.gamma(1.0, 1.0, units)
    before = random.poisson(4 * rate).astype(float)
    return Measured(random.poisson(4 * rate * (1 + lift)).astype(float), before[:, None])


def test_what_is_left_of_the_variance_is_one_less_r_squared() -> None:
    random = np.random.default_rng(0)
    control = panel(random, 4_000, 0.0)
    r = np.corrcoef(control.values, control.before[:, 0])[0, 1]
    assert share_left(control) == pytest.approx(1 - r**2, abs=1e-3)


def test_the_effect_is_that_of_a_regression_with_arms_own_slopes() -> None:
    """Lin's estimator, by plain least squares: outcome on arm, centred covariate and their product."""
    random = np.random.default_rng(1)
    control, arm = panel(random, 300, 0.0), panel(random, 900, 0.2)
    found = compared_means(control, arm, "orders before")
    x = np.concatenate([control.before, arm.before])[:, 0]
    x = x - x.mean()
    treated = np.concatenate([np.zeros(300), np.ones(900)])
    design = np.column_stack([np.ones(1_200), treated, x, treated * x])
    wanted = np.linalg.lstsq(design, np.concatenate([control.values, arm.values]), rcond=None)[0][1]
    assert found.effect == pytest.approx(wanted)
    assert "CUPED" in found.method
    assert "orders before" in found.method


def test_adjusted_intervals_cover_and_are_narrower() -> None:
    random = np.random.default_rng(2)
    covered, widths, plain = [], [], []
    for _ in range(600):
        control, arm = panel(random, 300, 0.0), panel(random, 500, 0.1)
        interval = compared_means(control, arm).interval(0.05)
        assert interval is not None
        covered.append(interval[0] <= 0.4 <= interval[1])
        widths.append(interval[1] - interval[0])
        error = np.sqrt(control.values.var() / 300 + arm.values.var() / 500)
        plain.append(2 * norm.ppf(0.975) * error)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.022)
    assert np.mean(widths) < 0.7 * np.mean(plain)


def test_noise_is_not_adjusted_by() -> None:
    random = np.random.default_rng(3)
    values, noise = random.normal(size=400), random.normal(size=(400, 1))
    found = compared_means(Measured(values, noise), Measured(values + 1, noise), "the moon")
    assert found.effect == pytest.approx(1)
    assert "not adjusted by the moon" in found.method
    nothing = Measured(values, np.zeros((400, 0)))
    assert share_left(nothing) == 1
    assert compared_means(nothing, nothing).method == "difference of means, Welch"


def test_limits_are_quantiles_of_what_is_not_nothing() -> None:
    before = np.concatenate([np.zeros(1_000), np.arange(1.0, 101.0), [np.nan]])
    held, limit = capped(before)
    assert limit == pytest.approx(99.01)
    assert np.nanmax(held) == limit
    assert np.isnan(held[-1])
    assert limit_of(np.zeros(3), 0.99) == np.inf


def test_gaps_are_filled_with_the_mean() -> None:
    assert filled(np.array([[1.0, np.nan], [np.nan, np.nan], [3.0, np.nan]])).tolist() == [[1, 0], [2, 0], [3, 0]]
