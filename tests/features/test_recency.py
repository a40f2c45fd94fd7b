"""How long ago the last order was, in days and in the customer's own gaps."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.features import FEATURES
from made_views import bought, told, view_at

GAPS_OF_3_AND_6 = (bought(81), bought(84), bought(90.0), bought(95, -1))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("days_since_last_order", 10.0),
        ("days_since_second_last_order", 16.0),
        ("days_since_last_refund", 5.0),
        ("hiatus_in_median_gaps", 11 / 4),
        ("hiatus_in_long_gaps", 11 / 4),
        ("hiatus_in_mean_gaps", 11 / 5.5),
    ],
)
def test_silence_is_told_in_days_and_in_own_gaps(name: str, expected: float) -> None:
    assert told(name, GAPS_OF_3_AND_6)["a"] == pytest.approx(expected)


@pytest.mark.parametrize(
    "name",
    [
        "days_since_second_last_order",
        "days_since_last_refund",
        "hiatus_in_median_gaps",
        "hiatus_in_long_gaps",
        "hiatus_in_mean_gaps",
    ],
)
def test_one_order_tells_no_more_than_itself(name: str) -> None:
    assert math.isnan(told(name, [bought(90)])["a"])


def test_an_order_at_the_cutoff_is_not_before_it() -> None:
    assert told("days_since_last_order", [bought(90), bought(100)])["a"] == 10.0
    assert told("days_since_last_order", [bought(100)]) == {}


def test_a_refund_ends_no_silence() -> None:
    assert told("days_since_last_order", [bought(90), bought(99, -2)])["a"] == 10.0


@settings(max_examples=30)
@given(st.lists(st.integers(0, 99), min_size=2, max_size=8, unique=True), st.integers(1, 50))
def test_each_day_of_silence_adds_a_share_of_the_own_gap(moments: list[int], longer: int) -> None:
    lines = [bought(day) for day in moments]
    (_, sooner), (_, later) = view_at(100, lines), view_at(100 + longer, lines)
    for name, gap in (("hiatus_in_median_gaps", "gap_days_median"), ("hiatus_in_mean_gaps", "gap_days_mean")):
        grown = FEATURES[name](later)[0] - FEATURES[name](sooner)[0]
        assert grown == pytest.approx(longer / (FEATURES[gap](sooner)[0] + 1))
