"""A message counts once, opens stand apart from clicks, and an answer counts from when it was known."""

from __future__ import annotations

import math

import pytest

from made_views import bought, fact, told

LINES = (bought(80), bought(80, customer="b"))
FACTS = (
    fact("contacts", 60, step="sent"),
    fact("contacts", 90, step="sent", message="m1"),
    fact("contacts", 91, step="sent", message="m1"),
    fact("contacts", 95, step="sent"),
    fact("contacts", 61, step="answered", answer="clicked"),
    fact("contacts", 91, step="answered", answer="opened", message="m1"),
    fact("contacts", 92, step="answered", answer="opened", message="m1"),
    fact("contacts", 95, known=102, step="answered", answer="clicked"),
)


@pytest.mark.parametrize(
    ("name", "expected", "without"),
    [
        ("contacts_7d", 1.0, 0.0),
        ("contacts_30d", 2.0, 0.0),
        ("contacts_90d", 3.0, 0.0),
        ("contacts_since_order", 2.0, 0.0),
        ("days_since_last_contact", 5.0, math.nan),
        ("clicks_30d", 0.0, 0.0),
        ("clicks_90d", 1.0, 0.0),
        ("click_share_180d", 1 / 3, math.nan),
        ("opens_90d", 1.0, 0.0),
        ("days_since_last_click", 39.0, math.nan),
        ("unsubscribed", 0.0, math.nan),
    ],
)
def test_messages_and_answers_that_were_known_count(name: str, expected: float, without: float) -> None:
    found = told(name, LINES, facts=FACTS)
    assert found == {"a": pytest.approx(expected), "b": pytest.approx(without, nan_ok=True)}


def test_who_unsubscribed_did() -> None:
    gone = [*FACTS, fact("contacts", 96, step="answered", answer="unsubscribed")]
    assert told("unsubscribed", LINES, facts=gone)["a"] == 1.0
