"""A customer's rhythm is the days between purchase days; one purchase day has none."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.features import FEATURES
from made_views import bought, told, view_at

RHYTHM = [name for name, feature in FEATURES.items() if feature.family == "gaps"]
GAPS_OF_10_2_6 = [bought(day) for day in (10, 20, 22, 28)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gap_days_mean", 6.0),
        ("gap_days_median", 6.0),
        ("gap_days_p90", 6.0),
        ("gap_days_max", 10.0),
        ("gap_days_last", 6.0),
        ("gap_variation", math.sqrt(32 / 3) / 7),
        ("gap_lengthening", 0.0),
        ("days_to_second_order", 10.0),
    ],
)
def test_three_gaps_are_told(name: str, expected: float) -> None:
    assert told(name, GAPS_OF_10_2_6)["a"] == pytest.approx(expected)


@pytest.mark.parametrize("name", RHYTHM)
def test_one_order_has_no_rhythm(name: str) -> None:
    assert math.isnan(told(name, [bought(10)])["a"])


def test_an_order_split_in_two_is_no_habit() -> None:
    lines = [bought(10), bought(10.25), bought(20)]
    assert told("gap_days_mean", lines)["a"] == 10
    assert told("gap_days_last", lines)["a"] == 9.75
    assert told("days_to_second_order", lines)["a"] == 0.25
    assert math.isnan(told("gap_variation", lines)["a"])


def test_of_two_gaps_the_lower_is_the_median() -> None:
    assert told("gap_days_median", [bought(10), bought(13), bought(20)])["a"] == 3


def test_gaps_that_lengthen_are_above_0() -> None:
    assert told("gap_lengthening", [bought(1), bought(2), bought(12)])["a"] == pytest.approx(math.log(11 / 6.5))
    assert told("gap_lengthening", [bought(1), bought(11), bought(12)])["a"] < 0


@settings(max_examples=30)
@given(st.lists(st.integers(0, 99), min_size=2, max_size=8, unique=True))
def test_gaps_lie_between_one_day_and_the_longest(moments: list[int]) -> None:
    _, view = view_at(100, [bought(day) for day in moments])
    mean, median, long, longest = (FEATURES[name](view)[0] for name in RHYTHM[:4])
    assert 1 <= median <= long <= longest
    assert 1 <= mean <= longest
    assert mean * (len(moments) - 1) == pytest.approx(max(moments) - min(moments))
