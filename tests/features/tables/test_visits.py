"""Visits are days, set against the customer's own habit and the last order."""

from __future__ import annotations

import math

import pytest

from made_views import bought, fact, told

LINES = (bought(50), bought(50, customer="b"))
FACTS = [fact("events", day) for day in (20.5, 40.1, 75.5, 90.1, 90.2, 95.5, 100)]


@pytest.mark.parametrize(
    ("name", "expected", "without"),
    [
        ("visit_days_30d", 3.0, 0.0),
        ("visit_days_21d", 2.0, 0.0),
        ("visit_days_before_21d", 3.0, 0.0),
        ("visit_days_trend_21d", math.log(3 / 2), 0.0),
        ("days_since_last_visit", 4.5, math.nan),
        ("visit_days_since_order", 3.0, 0.0),
    ],
)
def test_visits_before_the_cutoff_count_and_who_had_none_has_none(name: str, expected: float, without: float) -> None:
    found = told(name, LINES, facts=FACTS)
    assert found == {"a": pytest.approx(expected), "b": pytest.approx(without, nan_ok=True)}


def test_two_events_of_one_day_are_one_visit() -> None:
    assert told("visit_days_7d", LINES, facts=[fact("events", 99.1), fact("events", 99.9)])["a"] == 1.0
