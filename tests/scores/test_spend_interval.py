"""Quantiles of spend from its moments: nothing for whoever most likely does not order, else a log-normal spread."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.scores.spend_interval import moment_quantile

CHANCES = st.floats(0.001, 1.0)
LEVELS = np.linspace(0.01, 0.99, 50)


def at_levels(chance: float, orders: float, spend: float) -> np.ndarray:
    one = np.ones(1)
    return np.concatenate([moment_quantile(chance * one, orders * one, spend * one, level) for level in LEVELS])


@given(CHANCES, st.floats(0.001, 50), st.floats(0, 1e6))
def test_a_higher_level_is_never_less_and_nothing_has_the_chance_of_no_order(
    chance: float, orders: float, spend: float
) -> None:
    found = at_levels(chance, orders, spend)
    assert np.isfinite(found).all()
    assert (np.diff(found) >= 0).all()
    assert (found[1 - chance - 1e-9 > LEVELS] == 0).all()
    assert (found[1 - chance + 1e-9 < LEVELS] > 0).all() or spend < 1e-9


@given(CHANCES, st.floats(0.001, 50), st.floats(0.01, 1e6), st.floats(0.1, 100))
def test_in_another_currency_it_is_as_many_times_as_much(
    chance: float, orders: float, spend: float, rate: float
) -> None:
    np.testing.assert_allclose(at_levels(chance, orders, spend * rate), at_levels(chance, orders, spend) * rate)


def test_the_median_of_a_sure_order_is_that_of_the_log_normal() -> None:
    one = np.ones(1)
    assert moment_quantile(one, one, 90 * one, 0.5)[0] == pytest.approx(90 / math.sqrt(3))
    assert moment_quantile(one, 2 * one, 90 * one, 0.5)[0] == pytest.approx(90 / math.sqrt(2))


def test_the_mean_over_all_levels_is_the_expected_spend() -> None:
    levels = (np.arange(4_000) + 0.5) / 4_000
    for chance, orders in ((1.0, 1.0), (0.3, 0.5), (0.9, 8.0)):
        drawn = [
            moment_quantile(np.array([chance]), np.array([orders]), np.array([50.0]), level)[0] for level in levels
        ]
        assert np.mean(drawn) == pytest.approx(50, rel=0.02)


def test_many_orders_scatter_less_than_few() -> None:
    few, many = (at_levels(1.0, orders, 100.0) for orders in (1.0, 20.0))
    assert many[-1] - many[0] < few[-1] - few[0]


def test_customers_do_not_touch_each_other() -> None:
    chance, orders, spend = np.array([0.2, 1.0, 0.0]), np.array([0.3, 4.0, 0.0]), np.array([9.0, 70.0, 0.0])
    together = moment_quantile(chance, orders, spend, 0.9)
    alone = [
        moment_quantile(chance[row : row + 1], orders[row : row + 1], spend[row : row + 1], 0.9)[0] for row in range(3)
    ]
    assert together.tolist() == alone
    assert together[2] == 0
