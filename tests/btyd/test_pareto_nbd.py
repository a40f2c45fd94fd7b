"""Pareto/NBD on cases whose integral is a fraction: all parameters 1, a customer who never came back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.btyd import pareto_nbd
from foretell.btyd.pareto_nbd import ParetoNbdParameters
from foretell.btyd.summary import CannotFit, Summary

ONES = ParetoNbdParameters(1.0, 1.0, 1.0, 1.0, 0.0)
NEVER_AGAIN = (np.zeros(1), np.zeros(1), np.ones(1))


def test_the_chances_are_those_of_the_integral_by_hand() -> None:
    assert pareto_nbd.probability_alive(ONES, *NEVER_AGAIN)[0] == pytest.approx((1 / 4) / (1 / 4 + 3 / 8))
    assert pareto_nbd.probability_of_order(ONES, *NEVER_AGAIN, 2.0)[0] == pytest.approx(2 / 5 * (1 - 1 / 4 - 3 / 8))
    assert pareto_nbd.expected_orders(ONES, *NEVER_AGAIN, 2.0)[0] == pytest.approx(2 / 5 * math.log(2))


def test_who_bought_just_now_is_alive() -> None:
    assert pareto_nbd.probability_alive(ONES, np.ones(1), np.full(1, 3.0), np.full(1, 3.0)).tolist() == [1.0]


@given(st.integers(0, 30), st.floats(0.1, 50), st.floats(0.1, 50))
def test_longer_silence_makes_it_less_likely_that_a_customer_stayed(x: int, silence: float, more: float) -> None:
    last = np.full(1, 5.0 if x else 0.0)
    shorter, longer = (
        pareto_nbd.probability_alive(ONES, np.full(1, float(x)), last, last + weeks)[0]
        for weeks in (silence, silence + more)
    )
    assert 0 <= longer <= shorter <= 1
    assert x > 20 or longer < shorter


@given(st.integers(0, 30), st.floats(0.1, 100), st.floats(0.1, 100))
def test_where_nobody_leaves_orders_go_on_at_the_own_rate(x: int, age: float, horizon: float) -> None:
    loyal = ParetoNbdParameters(0.5, 4.0, 1e-9, 10.0, 0.0)
    customer = (np.full(1, float(x)), np.full(1, age), np.full(1, age))
    found = pareto_nbd.expected_orders(loyal, *customer, horizon)
    assert found[0] == pytest.approx((0.5 + x) * horizon / (4.0 + age), rel=1e-5)


def test_many_customers_are_fitted_in_parts_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(2)
    repeats = np.sort(random.poisson(2.0, 60)).astype(float)
    age = random.uniform(20, 40, 60)
    summary = Summary(repeats, np.where(repeats > 0, age * random.random(60), 0), age, np.ones(60))
    whole = pareto_nbd.fit(summary)
    monkeypatch.setattr(pareto_nbd, "ROWS_AT_A_TIME", 7)
    assert pareto_nbd.fit(summary) == whole


def test_too_few_repeat_customers_are_refused() -> None:
    with pytest.raises(CannotFit, match="only 4 of 4 customers"):
        pareto_nbd.fit(Summary(np.ones(1), np.ones(1), np.full(1, 2.0), np.full(1, 4.0)))
