from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foretell.models.contract import CannotFit
from foretell.models.spend_distribution import fit

LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)


def drawn(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Chances, means and outcomes of customers whose spend scatters log-normally, a few of them a thousandfold."""
    random = np.random.default_rng(seed)
    chance = random.uniform(0.02, 0.98, rows)
    scale = np.exp(random.normal(3, 1, rows)) * np.where(random.random(rows) < 0.01, 1000, 1)
    spend = np.where(random.random(rows) < chance, scale * np.exp(random.normal(-0.5, 1, rows)), 0)
    return chance, chance * scale, spend


def test_each_level_holds_its_share_of_what_comes_later() -> None:
    fitted = fit(*drawn(8_000, 1))
    chance, mean, spend = drawn(8_000, 2)
    for level in LEVELS:
        bound = fitted.quantile(chance, mean, level)
        open_end = bound > 0
        assert np.mean(spend[open_end] <= bound[open_end]) == pytest.approx(level, abs=0.02)
        assert (chance[~open_end] <= 1 - level + 1e-9).all()


def test_the_interval_grows_with_the_customer() -> None:
    fitted = fit(*drawn(2_000, 3))
    small, large = (fitted.quantile(np.array([0.9]), np.array([mean]), 0.9)[0] for mean in (1e6, 1e7))
    assert large == pytest.approx(10 * small)
    assert small > 1e6


@given(
    arrays(np.float64, 12, elements=st.floats(0, 1)),
    arrays(np.float64, 12, elements=st.floats(0, 1e9)),
    st.integers(0, 3),
)
def test_quantiles_are_finite_in_order_and_not_negative(chance: np.ndarray, mean: np.ndarray, seed: int) -> None:
    fitted = fit(*drawn(200, seed))
    found = np.stack([fitted.quantile(chance, mean, level) for level in LEVELS])
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert (np.diff(found, axis=0) >= 0).all()
    one_by_one = [fitted.quantile(chance[i : i + 1], mean[i : i + 1], 0.9)[0] for i in range(12)]
    assert found[5].tolist() == one_by_one


def test_too_few_buyers_are_refused_and_one_price_is_no_fault() -> None:
    with pytest.raises(CannotFit, match="only 0 forecasts"):
        fit(np.full(50, 0.1), np.full(50, 3.0), np.zeros(50))
    fitted = fit(np.full(50, 0.5), np.full(50, 5.0), np.full(50, 10.0))
    assert fitted.quantile(np.array([0.5]), np.array([5.0]), 0.9).tolist() == pytest.approx([10.0])
