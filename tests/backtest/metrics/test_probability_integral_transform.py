from __future__ import annotations

import numpy as np
from scipy import stats

from foretell.backtest.metrics.probability_integral_transform import randomised_pit


def test_right_distributions_with_atoms_give_uniform_values() -> None:
    random = np.random.default_rng(8)
    mean = random.gamma(1.0, 1.0, 4_000)
    actual = random.poisson(mean)
    u = randomised_pit(stats.poisson.cdf(actual - 1, mean), stats.poisson.cdf(actual, mean), np.arange(4_000), seed=1)
    assert stats.kstest(u, "uniform").pvalue > 0.01


def test_distributions_that_are_too_narrow_show() -> None:
    random = np.random.default_rng(8)
    actual = random.normal(size=4_000)
    narrow = stats.norm.cdf(actual, scale=0.6)
    u = randomised_pit(narrow, narrow, np.arange(4_000), seed=1)
    assert stats.kstest(u, "uniform").pvalue < 1e-6


def test_the_order_of_rows_changes_nothing() -> None:
    below, up_to, key = np.zeros(50), np.linspace(0.1, 1, 50), np.arange(50, dtype=np.uint64)[::-1] * np.uint64(31)
    order = np.random.default_rng(0).permutation(50)
    u = randomised_pit(below, up_to, key, seed=3)
    assert randomised_pit(below[order], up_to[order], key[order], seed=3).tolist() == u[order].tolist()
