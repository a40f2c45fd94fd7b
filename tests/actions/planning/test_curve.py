"""The budget curve rises, bends and ends where more stops paying."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.actions.planning.allocation import Options
from foretell.actions.planning.curve import curve_of


@settings(max_examples=4)
@given(st.integers(0, 1_000))
def test_the_curve_of_one_offer_is_that_of_taking_the_best_for_their_money_first(seed: int) -> None:
    random = np.random.default_rng(seed)
    profit, cost = random.normal(0, 2, (1, 300)), random.random((1, 300)) + 0.05
    found = curve_of(Options(profit, [cost, np.ones((1, 1))]), cost, np.inf)
    worth = profit[0] > 0
    order = np.argsort(-(profit[0] / cost[0])[worth])
    spent, gained = (np.cumsum(np.concatenate([[0], one[0][worth][order]])) for one in (cost, profit))
    assert found.stops_at == pytest.approx(spent[-1])
    assert found.profit == pytest.approx(np.interp(found.spent, spent, gained), rel=2e-3, abs=1e-3)
    assert found.next_one == pytest.approx(found.profit[1] / found.spent[1])


def test_contacts_that_cost_nothing_are_counted() -> None:
    profit = np.array([[3.0, 2.0, 1.0, -1.0]])
    found = curve_of(Options(profit, [np.zeros((1, 1)), np.ones((1, 1))]), np.zeros((1, 1)), 2.0)
    assert (found.in_money, found.stops_at) == (False, 2.0)
    assert found.best == pytest.approx(5.0)


def test_without_a_contact_that_pays_there_is_no_curve() -> None:
    found = curve_of(Options(np.array([[-1.0]]), [np.ones((1, 1)), np.ones((1, 1))]), np.ones((1, 1)), np.inf)
    assert (len(found.spent), found.stops_at, found.best) == (0, 0.0, 0.0)
