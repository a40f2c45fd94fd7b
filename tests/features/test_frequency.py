"""How often a customer ordered, in windows that hold their first moment and not the cutoff."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.project.intervals import days
from foretell.timelines.as_of import WINDOWS_DAYS, Population
from made_views import bought, told

LONG_LOG, SHORT_LOG = Population(days(35), math.nan, math.nan), Population(days(35) + 1, math.nan, math.nan)
AT = 400.0
MOMENTS = st.lists(st.integers(0, 450), min_size=1, max_size=8, unique=True)


@settings(max_examples=30)
@given(MOMENTS, st.sampled_from(WINDOWS_DAYS))
def test_a_window_begins_so_many_days_before_the_cutoff(moments: list[int], window: int) -> None:
    expected = sum(AT - window <= moment < AT for moment in moments)
    found = told(f"orders_{window}d", [bought(moment) for moment in moments], AT)
    assert found == ({"a": float(expected)} if min(moments) < AT else {})


def test_orders_of_one_day_are_one_purchase_day() -> None:
    lines = [bought(380), bought(380.5), bought(390), bought(10)]
    assert told("orders_life", lines, AT)["a"] == 4
    assert told("purchase_days_life", lines, AT)["a"] == 3
    assert told("purchase_days_30d", lines, AT)["a"] == 2
    assert told("orders_30d", lines, AT)["a"] == 3


def test_a_refund_is_no_order() -> None:
    assert told("orders_life", [bought(1), bought(2, -5)])["a"] == 1
    assert told("orders_life", [bought(2, -5)]) == {}


@pytest.mark.parametrize(
    ("half_life", "age", "expected"), [(15, 15, 0.5), (15, 30, 0.25), (45, 0.5, 1), (120, 240, 0.25)]
)
def test_the_weight_of_an_order_halves(half_life: int, age: float, expected: float) -> None:
    found = told(f"orders_decayed_{half_life}d", [bought(AT - age)], AT)
    assert found["a"] == pytest.approx(expected)


def test_a_trend_compares_two_windows() -> None:
    lines = [bought(day) for day in (371, 375, 380, 345)]
    assert told("orders_trend_30d", lines, AT)["a"] == pytest.approx(math.log(4 / 2))
    assert told("orders_trend_30d", [bought(1)], AT)["a"] == 0.0


def test_last_years_season_needs_a_log_that_reaches_back() -> None:
    lines = [bought(34), bought(35), bought(64.9), bought(65), bought(300)]
    assert told("orders_same_season_30d", lines, AT, LONG_LOG)["a"] == 2
    assert told("orders_same_season_90d", lines, AT, LONG_LOG)["a"] == 3
    assert math.isnan(told("orders_same_season_30d", lines, AT, SHORT_LOG)["a"])


def test_free_orders_are_those_of_no_amount() -> None:
    assert told("free_orders_life", [bought(1, 0), bought(2, 0.01), bought(3, -5), bought(4, 0)])["a"] == 2
