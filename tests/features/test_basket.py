"""What is in an order is counted by lines and pieces; a line without a quantity is one piece."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_views import bought, told

TWO_ORDERS = (bought(1, 10, quantity=2.0), bought(1, 20), bought(50, 6, quantity=0.5))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lines_per_order_life", 3 / 2),
        ("lines_per_order_90d", 1.0),
        ("lines_per_order_365d", 3 / 2),
        ("lines_last_order", 1.0),
        ("pieces_per_order_life", 3.5 / 2),
        ("pieces_last_order", 0.5),
        ("price_per_piece_life", 36 / 3.5),
    ],
)
def test_two_orders_of_three_lines_are_counted(name: str, expected: float) -> None:
    assert told(name, TWO_ORDERS)["a"] == pytest.approx(expected)


def test_without_an_order_in_the_window_there_is_no_mean() -> None:
    found = told("lines_per_order_90d", [bought(9), bought(10, customer="b")])
    assert math.isnan(found["a"])
    assert found["b"] == 1.0


def test_without_pieces_there_is_no_price_of_one() -> None:
    found = told("price_per_piece_life", [bought(1, 10, quantity=0.0), bought(1, 10, "b", quantity=4.0)])
    assert math.isnan(found["a"])
    assert found["b"] == 2.5


def test_a_refund_has_no_lines() -> None:
    assert told("lines_per_order_life", [*TWO_ORDERS, bought(60, -10)]) == told("lines_per_order_life", TWO_ORDERS)


@settings(max_examples=30)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_mean_lines_times_orders_are_the_lines(lines: list[int]) -> None:
    found = told("lines_per_order_life", [bought(day) for day, count in enumerate(lines) for _ in range(count)])
    assert found["a"] * len(lines) == pytest.approx(sum(lines))
