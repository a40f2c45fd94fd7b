"""Ratings and where they go, complaints and how lately, tickets that nobody closed."""

from __future__ import annotations

import math

import pytest

from made_views import bought, fact, told

LINES = (bought(50), bought(50, customer="b"))
FACTS = (
    fact("feedback", 60, step="given", topic="review", rating=1000, complaint=0, complaint_words=0),
    fact("feedback", 70, step="given", topic="nps", rating=600, complaint=0),
    fact("feedback", 80, step="given", topic="review", rating=200, complaint=1, complaint_words=3),
    fact("feedback", 85, step="given", topic="ticket", complaint=0),
    fact("feedback", 90, step="given", topic="ticket", complaint=0),
    fact("feedback", 95, step="closed", topic="ticket"),
    fact("feedback", 100, step="given", topic="complaint", complaint=1),
)


@pytest.mark.parametrize(
    ("name", "expected", "without"),
    [
        ("last_rating", 0.2, math.nan),
        ("rating_change", 0.2 - 0.8, math.nan),
        ("feedback_365d", 5.0, 0.0),
        ("days_since_last_feedback", 10.0, math.nan),
        ("complaints_90d", 1.0, 0.0),
        ("complaints_365d", 1.0, 0.0),
        ("days_since_complaint", 20.0, math.nan),
        ("complaint_words_180d", 3.0, 0.0),
        ("open_tickets_90d", 1.0, 0.0),
    ],
)
def test_what_was_told_before_the_cutoff_counts(name: str, expected: float, without: float) -> None:
    found = told(name, LINES, facts=FACTS)
    assert found == {"a": pytest.approx(expected), "b": pytest.approx(without, nan_ok=True)}


def test_one_rating_has_not_changed() -> None:
    assert math.isnan(told("rating_change", LINES, facts=FACTS[:1])["a"])
