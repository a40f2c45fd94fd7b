"""What customers do online is counted, told apart by how far it goes, and set against the last order."""

from __future__ import annotations

import pytest

from made_views import bought, fact, told

LINES = (bought(50), bought(50, customer="b"))
FACTS = (
    fact("events", 20, stage="added"),
    fact("events", 75.5),
    fact("events", 90.1, stage="searched"),
    fact("events", 90.2, stage="viewed"),
    fact("events", 95.5, stage="added"),
    fact("events", 95.6, stage="content"),
    fact("events", 100, stage="checkout"),
)


@pytest.mark.parametrize(
    ("name", "expected", "without"),
    [
        ("events_7d", 2.0, 0.0),
        ("events_90d", 6.0, 0.0),
        ("events_decayed", 2 ** (-80 / 30) + 2 ** (-24 / 30) + 2 * 2 ** (-9 / 30) + 2 * 2 ** (-4 / 30), 0.0),
        ("searched_30d", 1.0, 0.0),
        ("viewed_30d", 1.0, 0.0),
        ("added_30d", 1.0, 0.0),
        ("checkouts_30d", 0.0, 0.0),
        ("content_30d", 1.0, 0.0),
        ("funnel_reached_30d", 2.0, 0.0),
        ("added_since_order", 1.0, 0.0),
    ],
)
def test_events_before_the_cutoff_count_and_who_had_none_has_none(name: str, expected: float, without: float) -> None:
    found = told(name, LINES, facts=FACTS)
    assert found == {"a": pytest.approx(expected), "b": pytest.approx(without, nan_ok=True)}


def test_what_the_shop_learned_of_later_was_not_known() -> None:
    assert told("events_30d", LINES, facts=[fact("events", 95, known=100), fact("events", 95, known=99)])["a"] == 1.0
