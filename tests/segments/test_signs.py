"""Signs of engagement: visits and clicks as of a moment, never opens, and nothing where the tables begin too late."""

from __future__ import annotations

import math

import pytest

from foretell.segments.signs import signs_before, signs_lately
from foretell.timelines.as_of import Population
from made_orders import DAY
from made_told import Told
from made_views import bought, fact, view_at

LINES = (bought(50),)
VISITS = [fact("events", day) for day in (16.5, 40.2, 40.3, 78.9, 79.1, 99.9, 100)]
ANSWERS = [
    fact("contacts", 90, step="answered", answer="clicked", message="m"),
    fact("contacts", 91, step="answered", answer="clicked", message="m"),
    fact("contacts", 92, step="answered", answer="opened", message="n"),
    fact("contacts", 95, known=101, step="answered", answer="clicked", message="o"),
]


def signs(facts: list[Told], **begun: float) -> tuple[float, float]:
    """Lately and before, as of day 100, where tables begin on these days."""
    population = Population(0, math.nan, math.nan, {name: round(day * DAY) for name, day in begun.items()})
    _, view = view_at(100, LINES, population, facts)
    return float(signs_lately(view)[0]), float(signs_before(view)[0])


def test_a_day_online_and_a_message_clicked_count_once_each_and_opens_never() -> None:
    assert signs(VISITS, events=0) == (2, 3)
    assert signs([*VISITS, *ANSWERS], events=0, contacts=0) == (3, 3)


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        ({"events": 16}, (2.0, 3.0)),
        ({"events": 16.5, "contacts": 0}, (1.0, 0.0)),
        ({"events": 0, "contacts": 17}, (2.0, 3.0)),
        ({"events": 17}, (math.nan, math.nan)),
        ({}, (math.nan, math.nan)),
    ],
)
def test_a_table_that_begins_within_twelve_weeks_tells_of_neither_stretch(
    begun: dict[str, float], expected: tuple[float, float]
) -> None:
    assert signs([*VISITS, *ANSWERS], **begun) == pytest.approx(expected, nan_ok=True)
