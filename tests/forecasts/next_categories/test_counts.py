"""Counts of owners, returns and first purchases: they add up, and rates with little behind them are those of all."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from foretell.forecasts.next_categories.counts import PRIOR_CUSTOMERS, CategoryCounts
from foretell.forecasts.next_categories.history import CategoryHistory


def history(owned: np.ndarray, then: np.ndarray) -> CategoryHistory:
    """Customers who owned categories before, and bought some then; bool [customers, categories] each."""
    row, column = np.nonzero(owned)
    customers, pairs = np.zeros(len(owned)), np.zeros(len(row))
    return CategoryHistory(
        np.arange(len(owned)).astype(np.uint64),
        customers,
        customers,
        customers,
        row,
        column,
        pairs,
        pairs,
        pairs,
        pairs,
        pairs,
        csr_array(then.astype(np.float64)),
    )


def table(*rows: str) -> np.ndarray:
    return np.array([[cell == "x" for cell in row] for row in rows])


OWNED = table("x..", "xx.", ".x.", "...")
THEN = table("xx.", ".x.", "...", "..x")


def test_who_came_back_and_who_bought_for_the_first_time() -> None:
    found = CategoryCounts.of(history(OWNED, THEN), 3)
    assert found.customers == 4
    np.testing.assert_array_equal(found.owners, [2, 2, 0])
    np.testing.assert_array_equal(found.again, [1, 1, 0])
    np.testing.assert_array_equal(found.firsts, [0, 1, 1])
    np.testing.assert_array_equal(found.popularity, [1, 2, 1])
    np.testing.assert_array_equal(found.both, [[2, 1, 0], [1, 2, 0], [0, 0, 0]])
    np.testing.assert_array_equal(found.led, [[0, 1, 0], [0, 0, 0], [0, 0, 0]])


def test_a_category_that_nobody_owned_takes_the_rate_of_all() -> None:
    found = CategoryCounts.of(history(OWNED, THEN), 3)
    whole = (2 + 1) / (4 + 2)
    assert found.repeat_rate[2] == pytest.approx(whole)
    assert found.repeat_rate[0] == pytest.approx((1 + PRIOR_CUSTOMERS * whole) / (2 + PRIOR_CUSTOMERS))


def test_a_lift_stands_above_zero_where_owners_of_one_buy_the_other() -> None:
    owned = np.repeat(table("x..", "..."), 200, axis=0)
    then = np.repeat(table(".x.", "..."), 200, axis=0)
    lift = CategoryCounts.of(history(owned, then), 3).lift_of_first
    assert lift[0, 1] > 0.3
    assert lift[0, 2] == pytest.approx(0, abs=0.1)
    assert (lift.diagonal() == 0).all()


MADE = st.tuples(st.integers(0, 12), st.integers(1, 6), st.integers(0, 2**32 - 1))


def test_only_common_categories_are_counted_together() -> None:
    whole, few = (CategoryCounts.of(history(OWNED, THEN), common) for common in (3, 2))
    assert (few.common, len(few.first_rate), len(few.repeat_rate)) == (2, 2, 3)
    np.testing.assert_array_equal(few.both, whole.both[:2, :2])
    np.testing.assert_array_equal(few.led, whole.led[:2, :2])
    np.testing.assert_array_equal(few.repeat_rate, whole.repeat_rate)
    assert few.lift_of_owning.shape == few.lift_of_first.shape == (2, 2)


@given(MADE, st.integers(1, 4))
def test_batches_add_up_and_rates_are_chances(made: tuple[int, int, int], parts: int) -> None:
    customers, categories, seed = made
    random = np.random.default_rng(seed)
    owned, then = random.random((2, customers, categories)) < 0.4
    whole = CategoryCounts.of(history(owned, then), categories)
    cut = [CategoryCounts.of(history(owned[place::parts], then[place::parts]), categories) for place in range(parts)]
    added = reduce(CategoryCounts.__add__, cut)
    for name in ("customers", "owners", "again", "firsts", "both", "led"):
        np.testing.assert_array_equal(getattr(added, name), getattr(whole, name))
    np.testing.assert_array_equal(whole.popularity, then.sum(axis=0))
    for rate in (whole.repeat_rate, whole.first_rate):
        assert ((rate > 0) & (rate < 1)).all()
    np.testing.assert_allclose(whole.lift_of_owning, whole.lift_of_owning.T)
