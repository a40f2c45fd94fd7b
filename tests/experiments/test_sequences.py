"""Bounds for every look: their formula, their coverage, and e-values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from foretell.experiments.sequences import alpha_at_any_look, boundary, e_bh, e_value, mixing_weight


def test_the_e_value_is_the_mixed_likelihood_ratio() -> None:
    """The martingale before its integral was solved: a normal prior over effects, in standard deviations of a unit."""
    units, z = 800, 2.7
    weight = mixing_weight(5_000, 0.05)
    mean = z / np.sqrt(units)

    def ratio(effect: float) -> float:
        return float(np.exp(units * (mean * effect - effect**2 / 2)) * norm.pdf(effect, 0, np.sqrt(weight)))

    assert e_value(z, units) == pytest.approx(quad(ratio, -1, 1, points=[0, mean])[0], rel=1e-6)


@settings(max_examples=50, deadline=None)
@given(units=st.integers(10, 10**7), alpha=st.floats(0.001, 0.3), planned=st.integers(100, 10**6))
def test_e_value_and_bounds_say_the_same(units: int, alpha: float, planned: int) -> None:
    z = boundary(units, planned, alpha)
    assert e_value(z, units, planned, alpha) == pytest.approx(1 / alpha, rel=1e-6)
    assert e_value(0.99 * z, units, planned, alpha) < 1 / alpha
    assert 0 < alpha_at_any_look(units, planned, alpha) < alpha


def test_the_bounds_are_tightest_near_the_planned_size() -> None:
    """Waudby-Smith et al. choose the weight by its leading terms, so the least lies near, not at, the planned size."""
    sizes = np.geomspace(100, 10**6, 400)
    narrowest = sizes[np.argmin([boundary(n, 5_000) for n in sizes])]
    assert 2_500 < narrowest < 10_000


def test_at_twenty_looks_the_bounds_hold_and_the_fixed_ones_do_not() -> None:
    random = np.random.default_rng(0)
    looks, draws = np.arange(1, 21) * 250, 4_000
    steps = random.normal(0, np.sqrt(250), (draws, 20)).cumsum(axis=1) / np.sqrt(looks)
    outside = np.abs(steps) > np.array([boundary(float(n)) for n in looks])
    assert outside.any(axis=1).mean() < 0.02
    assert (np.abs(steps) > 1.96).any(axis=1).mean() > 0.20


def test_e_bh_by_trying_every_number_of_discoveries() -> None:
    random = np.random.default_rng(1)
    for _ in range(200):
        values = np.exp(random.normal(1, 2, random.integers(1, 9)))
        most = 0
        for k in range(1, len(values) + 1):
            if (values >= len(values) / (0.1 * k)).sum() >= k:
                most = k
        wanted = values >= np.sort(values)[::-1][most - 1] if most else np.zeros(len(values), dtype=bool)
        assert e_bh(values, 0.1).tolist() == wanted.tolist()


def test_e_bh_keeps_false_discoveries_down() -> None:
    random = np.random.default_rng(2)
    false = []
    for _ in range(600):
        shift = np.array([0.0] * 8 + [4.5, 5.0])
        called = e_bh([e_value(z, 5_000) for z in random.normal(shift)], 0.1)
        false.append(called[:8].sum() / max(called.sum(), 1))
    assert np.mean(false) <= 0.1
