"""The first order tells how a customer began, where it really was the first."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.features.first_order import begun_in_log
from foretell.project.intervals import days
from foretell.timelines.as_of import Population
from made_views import bought, told, view_at

USUAL = Population(0, 20.0, 10.0)
NAMES = ("first_order_value", "first_order_lines", "first_order_pieces", "age_days")


@pytest.mark.parametrize(("name", "expected"), [*zip(NAMES, (30.0, 2.0, 5.0, 70.0), strict=True)])
def test_the_first_order_is_told(name: str, expected: float) -> None:
    lines = [bought(30, 10, quantity=4.0), bought(30, 20), bought(40, 99, quantity=9.0)]
    assert told(name, lines, population=USUAL)["a"] == expected


@pytest.mark.parametrize("name", NAMES)
def test_who_came_soon_after_the_log_began_may_have_bought_before_it(name: str) -> None:
    found = told(name, [bought(19.9), bought(20, customer="b")], population=USUAL)
    assert math.isnan(found["a"])
    assert math.isfinite(found["b"])


def test_where_nobody_ordered_twice_nobody_is_known_to_be_new() -> None:
    _, view = view_at(100, [bought(90)])
    assert begun_in_log(view).tolist() == [False]


@settings(max_examples=30)
@given(st.floats(0, 100), st.integers(0, 100), st.integers(0, 50))
def test_new_is_who_begins_a_long_gap_after_the_log(gap: float, first: int, start: int) -> None:
    _, view = view_at(101, [bought(first)], Population(days(start), gap, 1.0))
    assert begun_in_log(view).tolist() == [days(first) >= days(start) + days(gap)]


def test_days_between_first_and_last_order_need_no_beginning() -> None:
    lines = [bought(1), bought(4.5), bought(11), bought(1, customer="b")]
    assert told("days_first_to_last_order", lines) == {"a": 10.0, "b": 0.0}


def test_orders_a_month_count_one_month_at_least() -> None:
    lines = [bought(40), bought(50), bought(95, customer="b"), bought(99, customer="b")]
    assert told("orders_per_active_month", lines) == {"a": 1.0, "b": 2.0}
