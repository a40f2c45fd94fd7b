"""MBG/NBD: a customer may drop out at any purchase, so who never came back may have left at the first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.btyd.beta_geometric import MBG_NBD, BetaGeometricParameters, log_likelihood
from foretell.btyd.summary import summarised

ONES = BetaGeometricParameters(1.0, 1.0, 1.0, 1.0, 0.0)
NEVER_AGAIN = (np.zeros(1), np.zeros(1), np.ones(1))
ONCE_AGAIN = (np.ones(1), np.ones(1), np.array([3.0]))


def test_who_never_came_back_may_have_left_at_the_first_purchase() -> None:
    assert MBG_NBD.probability_alive(ONES, *NEVER_AGAIN)[0] == pytest.approx(1 / (1 + 2))
    assert MBG_NBD.probability_alive(ONES, *ONCE_AGAIN)[0] == pytest.approx(1 / (1 + 2**2 / 2))


def test_the_chance_of_an_order_is_a_fraction_that_can_be_checked() -> None:
    assert MBG_NBD.probability_of_order(ONES, *NEVER_AGAIN, 2.0)[0] == pytest.approx((1 - 2 / 4) / 3)
    assert MBG_NBD.probability_of_order(ONES, *ONCE_AGAIN, 4.0)[0] == pytest.approx((1 - 1 / 4) / 3)


@given(st.floats(0.1, 100), st.floats(0.1, 100))
def test_longer_silence_makes_it_less_likely_that_a_customer_stayed(silence: float, more: float) -> None:
    shorter, longer = (
        MBG_NBD.probability_alive(ONES, np.zeros(1), np.zeros(1), np.array([weeks]))[0]
        for weeks in (silence, silence + more)
    )
    assert longer < shorter < 1


@pytest.mark.parametrize("customer", [NEVER_AGAIN, ONCE_AGAIN])
def test_orders_are_at_least_the_chance_of_one_and_few_in_no_time(
    customer: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    for weeks in (0.5, 13.0, 200.0):
        chance = MBG_NBD.probability_of_order(ONES, *customer, weeks)[0]
        assert 0 < chance <= MBG_NBD.expected_orders(ONES, *customer, weeks)[0]
    assert MBG_NBD.expected_orders(ONES, *customer, 1e-9)[0] == pytest.approx(0, abs=1e-8)


def test_no_parameters_nearby_are_likelier_than_those_of_the_fit() -> None:
    random = np.random.default_rng(3)
    purchases = random.integers(1, 9, 80)
    observed = random.integers(60, 300, 80)
    summary = summarised(purchases, np.floor(observed * random.random(80)), observed)
    fitted = MBG_NBD.fit(summary)
    found = np.array([fitted.r, fitted.alpha, fitted.a, fitted.b])
    survived = summary.repeats + 1

    def total(four: np.ndarray) -> float:
        rows, _ = log_likelihood(four, summary.repeats, summary.recency_weeks, summary.age_weeks, survived)
        return float((summary.customers * rows).sum())

    assert total(found) == pytest.approx(fitted.log_likelihood)
    for place in range(4):
        for factor in (0.8, 1.25):
            moved = found.copy()
            moved[place] *= factor
            assert total(moved) < fitted.log_likelihood
