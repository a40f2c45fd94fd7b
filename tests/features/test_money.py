"""How much a customer spent: refunds are taken off when they happen, and no order's value is changed by one."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.project.intervals import days
from foretell.timelines.as_of import Population
from made_views import bought, told

AT = 400.0
LINES = (bought(10, 40), bought(330, 10), bought(390, 20), bought(395, -5))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("spend_7d", -5.0),
        ("spend_14d", 15.0),
        ("spend_90d", 25.0),
        ("spend_life", 65.0),
        ("order_value_mean_90d", 15.0),
        ("order_value_mean_life", 70 / 3),
        ("order_value_last", 20.0),
        ("order_value_max_life", 40.0),
        ("order_value_log_mean", (math.log(41) + math.log(11) + math.log(21)) / 3),
        ("last_to_typical_value", math.log(21) - (math.log(41) + math.log(11) + math.log(21)) / 3),
    ],
)
def test_three_orders_and_a_refund_are_told(name: str, expected: float) -> None:
    assert told(name, LINES, AT)["a"] == pytest.approx(expected, abs=1e-5)


def test_the_weight_of_money_halves_and_a_refund_has_none() -> None:
    assert told("spend_decayed_45d", [bought(AT - 45, 8), bought(AT - 1, -3), bought(AT - 90, 8)], AT)["a"] == 6.0


def test_without_an_order_in_the_window_there_is_no_mean_value() -> None:
    assert math.isnan(told("order_value_mean_90d", [bought(1)], AT)["a"])


@settings(max_examples=30)
@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=6))
def test_the_spread_is_the_standard_deviation_of_logs(amounts: list[int]) -> None:
    logs = [math.log1p(amount) for amount in amounts]
    mean = sum(logs) / len(logs)
    expected = math.sqrt(sum((log - mean) ** 2 for log in logs) / len(logs))
    found = told("order_value_log_spread", [bought(day, amount) for day, amount in enumerate(amounts)])["a"]
    assert found == pytest.approx(expected, abs=1e-2 if expected < 1e-2 else 1e-4)
    assert math.isnan(told("order_value_log_spread", [bought(1, amounts[0])])["a"])


def test_a_trend_adds_one_typical_order_to_both() -> None:
    lines = [bought(AT - 10, 9), bought(AT - 20, 9), bought(AT - 40, 9)]
    assert told("spend_trend_30d", lines, AT)["a"] == pytest.approx(math.log(27 / 18), rel=1e-5)
    assert told("spend_trend_30d", [bought(1, 0)], AT)["a"] == 0.0


def test_last_years_season_needs_a_log_that_reaches_back() -> None:
    lines = [bought(34, 1), bought(35, 2), bought(50, -0.5), bought(65, 4)]
    for start, expected in ((35, 1.5), (36, math.nan)):
        population = Population(days(start), math.nan, math.nan)
        found = told("spend_same_season_30d", lines, AT, population)["a"]
        assert found == pytest.approx(expected, nan_ok=True)
