"""What BG/NBD and MBG/NBD share, on cases whose answer is a fraction."""

from __future__ import annotations

import math
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.btyd.beta_geometric import BG_NBD, BetaGeometricParameters, log_likelihood, runs
from foretell.btyd.summary import CannotFit, Summary

ONES = BetaGeometricParameters(1.0, 1.0, 1.0, 1.0, 0.0)


def one(value: float) -> np.ndarray:
    return np.array([float(value)])


@given(st.lists(st.integers(0, 3), max_size=20))
def test_runs_are_the_groups_of_equal_neighbours(values: list[int]) -> None:
    first, length = runs(np.array(values, dtype=np.float64))
    groups = [len(list(group)) for _, group in groupby(values)]
    assert length.tolist() == groups
    assert first.tolist() == np.cumsum([0, *groups])[:-1].tolist()


def test_the_likelihood_of_silence_and_of_one_repeat() -> None:
    parameters = np.ones(4)
    silent, _ = log_likelihood(parameters, one(0), one(0), one(3), one(0))
    assert silent[0] == pytest.approx(math.log(1 / 4))
    repeated, _ = log_likelihood(parameters, one(1), one(1), one(3), one(1))
    assert repeated[0] == pytest.approx(math.log((1 / 2) * (1 / 16 + 1 / 4)))


def test_who_could_not_drop_out_is_alive_and_silence_tells_of_others() -> None:
    assert BG_NBD.probability_alive(ONES, one(0), one(0), one(9)).tolist() == [1.0]
    assert BG_NBD.probability_alive(ONES, one(1), one(3), one(3)).tolist() == [0.5]
    assert BG_NBD.probability_alive(ONES, one(1), one(0.5), one(2))[0] == pytest.approx(1 / 5)


def test_the_chance_of_an_order_is_that_of_no_silence() -> None:
    chance = BG_NBD.probability_of_order(ONES, one(0), one(0), one(1), 2.0)
    assert chance[0] == pytest.approx(1 - 2 / 4)
    halved = BG_NBD.probability_of_order(ONES, one(1), one(1), one(1), 2.0)
    assert halved[0] == pytest.approx((1 - 1 / 4) / 2)


@given(st.integers(0, 40), st.floats(0.1, 100), st.floats(0.1, 100))
def test_where_nobody_leaves_orders_go_on_at_the_own_rate(x: int, age: float, horizon: float) -> None:
    loyal = BetaGeometricParameters(0.5, 4.0, 1e-9, 10.0, 0.0)
    found = BG_NBD.expected_orders(loyal, one(x), one(age), one(age), horizon)
    assert found[0] == pytest.approx((0.5 + x) * horizon / (4.0 + age), rel=1e-5)


def test_too_few_repeat_customers_are_refused() -> None:
    summary = Summary(one(1), one(1), one(2), one(4))
    with pytest.raises(CannotFit, match="only 4 of 4 customers"):
        BG_NBD.fit(summary)
