"""What a table cannot know is null, not 0."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from foretell.project.intervals import days
from made_views import NOBODY_ELSE, bought, fact, told

EVENTS = (fact("events", 80), fact("events", 95))
ORDERS = (bought(85), bought(40, customer="b"))


def begun(day: float) -> dict[str, int]:
    return {"events": round(days(day))}


@pytest.mark.parametrize(("day", "expected"), [(69.5, 2.0), (70, 2.0), (70.5, math.nan)])
def test_a_window_in_which_the_table_begins_is_null_for_everybody(day: float, expected: float) -> None:
    found = told("events_30d", ORDERS, population=replace(NOBODY_ELSE, begun=begun(day)), facts=EVENTS)
    assert found["a"] == pytest.approx(expected, nan_ok=True)
    assert math.isnan(found["b"]) == math.isnan(expected)


def test_who_ordered_before_the_table_begins_has_no_count_since_then() -> None:
    population = replace(NOBODY_ELSE, begun=begun(60))
    found = told("visit_days_since_order", ORDERS, population=population, facts=EVENTS)
    assert found["a"] == 1.0
    assert math.isnan(found["b"])


def test_of_another_table_it_says_nothing() -> None:
    population = replace(NOBODY_ELSE, begun={"contacts": round(days(99))})
    assert told("events_30d", ORDERS, population=population, facts=EVENTS)["a"] == 2.0
