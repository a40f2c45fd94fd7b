"""What kind of order the first one was: its texts as codes, its discount as a share, null where nothing is told."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.customer_log.stable_keys import code_of
from foretell.features import FEATURES
from foretell.timelines.as_of import Population
from made_batch import batch
from made_orders import DAY
from made_views import NOBODY_ELSE, bought, told

USUAL = Population(0, 5.0, 5.0)


@pytest.mark.parametrize("role", ["country", "channel", "category"])
def test_a_text_is_the_code_of_that_of_the_first_order(role: str) -> None:
    first, second = ({role: text} for text in ("Germany", "France"))
    lines = [bought(10, 10.0, "a", **first), bought(20, 10.0, "a", **second), bought(10, customer="b", product="p")]
    found = told(f"first_order_{role}", lines)
    assert found["a"] == code_of("Germany")
    assert math.isnan(found["b"])


def test_a_discount_is_a_share_of_the_price_before_it() -> None:
    lines = [bought(10, 30, discount=100_000), bought(20, 30, discount=200_000), bought(10, 30, "b")]
    assert told("first_order_discount_share", lines, population=USUAL) == {"a": 0.25, "b": 0.0}
    assert told("first_order_discounted", lines, population=USUAL) == {"a": 1.0, "b": 0.0}


def test_a_first_order_before_the_log_tells_no_discount() -> None:
    for name in ("first_order_discount_share", "first_order_discounted"):
        assert math.isnan(told(name, [bought(4, 30, discount=100_000)], population=USUAL)["a"])


def test_what_cost_nothing_has_no_share() -> None:
    assert math.isnan(told("first_order_discount_share", [bought(10, 0)], population=USUAL)["a"])
    assert told("first_order_discounted", [bought(10, 0)], population=USUAL)["a"] == 0.0
    assert told("first_order_discount_share", [bought(10, 0, discount=10_000)], population=USUAL)["a"] == 1.0


@pytest.mark.parametrize("name", [name for name, known in FEATURES.items() if known.family == "first_order_kind"])
def test_a_source_without_attributes_tells_nothing(name: str) -> None:
    view = batch((1, 1, 10 * DAY, 10 * DAY, 500)).views([20 * DAY], lambda _: USUAL)[0]
    np.testing.assert_array_equal(FEATURES[name](view), [np.nan])


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_lies_between_nothing_and_all(off: int, paid: int) -> None:
    population = Population(0, 0.0, NOBODY_ELSE.gap_days_median)
    share = told("first_order_discount_share", [bought(1, paid / 10_000, discount=off)], population=population)["a"]
    assert share == pytest.approx(off / (off + paid))
    assert 0 <= share < 1
