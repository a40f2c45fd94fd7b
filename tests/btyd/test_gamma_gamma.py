"""Laws of what an order is worth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.btyd import gamma_gamma
from foretell.btyd.summary import CannotFit


def _customers(seed: int, p: float = 4.0, q: float = 3.0, gamma: float = 30.0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    repeats = random.integers(1, 12, 3000).astype(float)
    rate = random.gamma(q, 1 / gamma, 3000)
    return repeats, random.gamma(p * repeats, 1 / rate) / repeats


def test_the_gradient_is_that_of_the_likelihood() -> None:
    x, m = np.array([1.0, 4.0, 30.0]), np.array([0.5, 20.0, 3.0])
    for three in ((2.0, 3.0, 5.0), (0.3, 9.0, 0.1), (40.0, 1.2, 80.0)):
        _, gradient = gamma_gamma._log_likelihood(np.array(three), x, m)
        for place in range(3):
            step = np.zeros(3)
            step[place] = 1e-6 * three[place]
            up = gamma_gamma._log_likelihood(np.array(three) + step, x, m)[0]
            down = gamma_gamma._log_likelihood(np.array(three) - step, x, m)[0]
            np.testing.assert_allclose(gradient[place], (up - down) / (2 * step[place]), rtol=1e-4, atol=1e-6)


def test_simulated_customers_give_their_parameters_back() -> None:
    pairs = gamma_gamma.summarised(*_customers(7))
    found = gamma_gamma.fit(pairs)
    np.testing.assert_allclose([found.p, found.q, found.gamma], [4.0, 3.0, 30.0], rtol=0.05)
    truth, _ = gamma_gamma._log_likelihood(np.array([4.0, 3.0, 30.0]), pairs.repeats, pairs.mean_value)
    assert found.log_likelihood >= (pairs.customers * truth).sum()


@pytest.mark.parametrize("scale", [1e-3, 100.0, 1e6])
def test_another_currency_changes_the_unit_only(scale: float) -> None:
    x, m = _customers(6)
    one = gamma_gamma.fit(gamma_gamma.summarised(x, m))
    other = gamma_gamma.fit(gamma_gamma.summarised(x, m * scale))
    assert (other.p, other.q) == pytest.approx((one.p, one.q), rel=1e-3)
    expected = scale * gamma_gamma.expected_value(one, x, m)
    np.testing.assert_allclose(gamma_gamma.expected_value(other, x, m * scale), expected, rtol=1e-3)


def test_a_value_lies_between_the_customers_own_and_the_populations_mean() -> None:
    found = gamma_gamma.GammaGammaParameters(6.25, 3.74, 15.44, 0.0)
    mean = gamma_gamma.expected_value(found, np.array([0.0]), np.array([0.0]))[0]
    values = gamma_gamma.expected_value(found, np.array([1.0, 5.0, 500.0]), np.full(3, 100.0))
    assert mean < values[0] < values[1] < values[2] < 100.0
    assert values[2] == pytest.approx(100.0, rel=0.01)


@pytest.mark.parametrize(
    ("repeats", "values"), [([0, 0], [0, 0]), ([3] * 30, [0.0] * 30), ([1, 2, 0], [5.0, 6.0, 0.0]), ([], [])]
)
def test_nobody_who_spent_again_is_refused(repeats: list[int], values: list[float]) -> None:
    with pytest.raises(CannotFit, match="spent money on a repeat order"):
        gamma_gamma.summarised(np.array(repeats), np.array(values))


def test_values_without_a_mean_are_refused() -> None:
    random = np.random.default_rng(2)
    values = random.gamma(5.0, 1.0, 2000) / random.gamma(0.5, 1.0, 2000)
    with pytest.raises(CannotFit, match="too heavy-tailed"):
        gamma_gamma.fit(gamma_gamma.summarised(np.ones(2000), values))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0, 1e9)), min_size=5, max_size=40))
def test_any_customers_give_finite_values_or_a_reason(rows: list[tuple[int, float]]) -> None:
    repeats, values = np.array(rows, dtype=float).T
    try:
        found = gamma_gamma.fit(gamma_gamma.summarised(repeats, values))
    except CannotFit as refusal:
        reason = str(refusal)
        assert reason
        return
    worth = gamma_gamma.expected_value(found, repeats, values)
    assert np.isfinite(worth).all()
    assert (worth >= 0).all()
