"""BG/NBD: a customer may drop out at each repeat purchase, so who never came back is still a customer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.btyd.beta_geometric import BG_NBD, BetaGeometricParameters, log_likelihood
from foretell.btyd.summary import summarised

ONES = BetaGeometricParameters(1.0, 1.0, 1.0, 1.0, 0.0)
NEVER_AGAIN = (np.zeros(1), np.zeros(1), np.ones(1))
ONCE_AGAIN = (np.ones(1), np.ones(1), np.array([3.0]))


def test_who_never_came_back_has_not_left_and_silence_tells_of_who_did() -> None:
    assert BG_NBD.probability_alive(ONES, *NEVER_AGAIN).tolist() == [1.0]
    assert BG_NBD.probability_alive(ONES, *ONCE_AGAIN)[0] == pytest.approx(1 / (1 + 2**2))


def test_the_chance_of_an_order_is_a_fraction_that_can_be_checked() -> None:
    assert BG_NBD.probability_of_order(ONES, *NEVER_AGAIN, 2.0)[0] == pytest.approx(1 - 2 / 4)
    assert BG_NBD.probability_of_order(ONES, *ONCE_AGAIN, 4.0)[0] == pytest.approx((1 - 1 / 4) / 5)


@given(st.floats(0.1, 100))
def test_who_never_came_back_is_always_alive(silence: float) -> None:
    assert BG_NBD.probability_alive(ONES, np.zeros(1), np.zeros(1), np.array([silence])).tolist() == [1.0]


@pytest.mark.parametrize("customer", [NEVER_AGAIN, ONCE_AGAIN])
def test_orders_are_at_least_the_chance_of_one_and_few_in_no_time(
    customer: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    for weeks in (0.5, 13.0, 200.0):
        chance = BG_NBD.probability_of_order(ONES, *customer, weeks)[0]
        assert 0 < chance <= BG_NBD.expected_orders(ONES, *customer, weeks)[0]
    assert BG_NBD.expected_orders(ONES, *customer, 1e-9)[0] == pytest.approx(0, abs=1e-8)


def test_no_parameters_nearby_are_likelier_than_those_of_the_fit() -> None:
    random = np.random.default_rng(3)
    purchases = random.integers(1, 9, 80)
    observed = random.integers(60, 300, 80)
    summary = summarised(purchases, np.floor(observed * random.random(80)), observed)
    fitted = BG_NBD.fit(summary)
    found = np.array([fitted.r, fitted.alpha, fitted.a, fitted.b])
    survived = summary.repeats

    def total(four: np.ndarray) -> float:
        rows, _ = log_likelihood(four, summary.repeats, summary.recency_weeks, summary.age_weeks, survived)
        return float((summary.customers * rows).sum())

    assert total(found) == pytest.approx(fitted.log_likelihood)
    for place in range(4):
        for factor in (0.8, 1.25):
            moved = found.copy()
            moved[place] *= factor
            assert total(moved) < fitted.log_likelihood
