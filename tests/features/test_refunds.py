"""What came back is counted when it came back, and measured against all that was bought."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_views import bought, told

LINES = (bought(1, 40), bought(5, -10), bought(50, 40), bought(60, -4), bought(7, 3, "b"))


@pytest.mark.parametrize(
    ("name", "expected", "without"),
    [
        ("refunds_90d", 1.0, 0.0),
        ("refunds_365d", 2.0, 0.0),
        ("refunds_life", 2.0, 0.0),
        ("refunded_life", 14.0, 0.0),
        ("refunded_share_life", 14 / 80, 0.0),
    ],
)
def test_two_refunds_are_told_and_none_is_0(name: str, expected: float, without: float) -> None:
    assert told(name, LINES) == {"a": pytest.approx(expected), "b": without}


def test_a_share_of_nothing_is_null() -> None:
    assert math.isnan(told("refunded_share_life", [bought(1, 0), bought(2, -5)])["a"])


def test_a_line_that_comes_late_to_an_order_is_no_refund() -> None:
    late = [bought(1, 40, order_id="7"), bought(3, 5, order_id="7")]
    assert told("refunds_life", late)["a"] == 0.0
    assert told("spend_life", late)["a"] == 45.0


def test_a_refund_at_the_cutoff_has_not_come_back() -> None:
    assert told("refunds_life", [bought(1), bought(100, -1)])["a"] == 0.0


@settings(max_examples=30)
@given(st.lists(st.integers(-9, 9).filter(bool), max_size=8))
def test_refunds_and_orders_share_out_the_money(amounts: list[int]) -> None:
    lines = [bought(0, 1), *(bought(day + 1, amount) for day, amount in enumerate(amounts))]
    assert told("refunds_life", lines)["a"] == sum(amount < 0 for amount in amounts)
    assert told("refunded_life", lines)["a"] == -sum(amount for amount in amounts if amount < 0)
    assert told("spend_life", lines)["a"] == 1 + sum(amounts)
