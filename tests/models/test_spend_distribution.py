from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foretell.models.contract import CannotFit
from foretell.models.spend_distribution import SpendDistribution, fit

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


def scattering(rows: int, seed: int, missed: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Customers of whom the larger ones scatter less; at one past window the small ones spent less than was forecast,
    and the large ones more, by `missed` in the logarithm a size."""
    random = np.random.default_rng(seed)
    size = random.normal(3, 1, rows)
    spread = np.exp(-0.3 * (size - 3)) * 0.7
    chance = random.uniform(0.3, 0.98, rows)
    log_ratio = random.normal(-(spread**2) / 2, spread) + missed * (size - 3)
    spend = np.where(random.random(rows) < chance, np.exp(size + log_ratio), 0)
    return chance, chance * np.exp(size), spend


def mean_of_buyers(fitted: SpendDistribution, mean: float) -> float:
    ranks = np.arange(1, 200) / 200
    sure, told = np.ones(1), np.full(1, mean)
    return float(np.mean([fitted.quantile(sure, told, rank)[0] for rank in ranks])) / mean


def test_what_buyers_spend_is_the_same_multiple_of_the_forecast_at_every_size() -> None:
    fitted = fit(*scattering(12_000, 5, missed=0.3))
    found = [mean_of_buyers(fitted, float(np.exp(size))) for size in (2.0, 3.0, 4.0)]
    assert max(found) / min(found) < 1.1


def test_misses_of_a_size_that_do_not_come_back_leave_every_size_its_share() -> None:
    """With a distribution of its own for each sixth, twice as many of the small spend more than they should."""
    fitted = fit(*scattering(12_000, 5, missed=0.2))
    chance, mean, spend = scattering(40_000, 6)
    fifth = np.digitize(mean, np.quantile(mean, [0.2, 0.4, 0.6, 0.8]))
    above = spend > fitted.quantile(chance, mean, 0.9)
    shares = np.bincount(fifth, above) / np.bincount(fifth)
    assert (np.abs(shares - 0.1) < 0.04).all(), shares


def test_who_is_larger_scatters_less_where_that_was_seen_and_without_a_step() -> None:
    fitted = fit(*scattering(12_000, 7))
    chance, means = np.full(400, 0.9), np.exp(np.linspace(1, 5, 400))
    low, high = (fitted.quantile(chance, means, level) for level in (0.2, 0.9))
    width = np.log(high / low)
    assert width[-1] < 0.6 * width[0]
    assert np.abs(np.diff(width)).max() < 0.02


def test_a_window_that_all_share_makes_intervals_wider_than_misses_were() -> None:
    random = np.random.default_rng(8)
    mean, sure = np.exp(random.normal(3, 1, 12_000)), np.ones(12_000)
    spend = mean * np.exp(random.normal(-0.32, 0.8, 12_000))
    low, high = (fit(sure, mean, spend).quantile(sure, mean, level) for level in (0.1, 0.9))
    assert 0.07 < np.mean(spend > high) < 0.095
    assert 0.07 < np.mean(spend < low) < 0.095
