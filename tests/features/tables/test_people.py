"""Who of the people of an account is active, new or silent, as far as that was known."""

from __future__ import annotations

import math

import pytest

from foretell.timelines.as_of import Population
from made_views import bought, fact, told

LINES = (bought(5), bought(5, customer="b"))
FACTS = [
    fact("people", 0, step="joined", person="ann"),
    fact("people", 5, step="ordered", person="ann"),
    fact("people", 8, step="acted", person="bob"),
    fact("people", 20, step="ordered", person="ann"),
    fact("people", 60, step="ordered", person="bob"),
    fact("people", 80, step="acted", person="bob"),
    fact("people", 99, step="joined", person="cid"),
    fact("people", 95, known=110, step="ordered", person="dan"),
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("people", 3.0),
        ("people_active_30d", 1.0),
        ("people_active_90d", 2.0),
        ("people_new_90d", 1.0),
        ("people_silent_90d", 0.0),
        ("people_active_share_90d", 2 / 3),
        ("orders_top_person_share", 2 / 3),
    ],
)
def test_people_are_counted_before_the_cutoff_and_nobody_has_them_who_is_no_account(name: str, expected: float) -> None:
    found = told(name, LINES, facts=FACTS)
    assert found == {"a": pytest.approx(expected), "b": pytest.approx(math.nan, nan_ok=True)}


def test_who_did_nothing_for_90_days_is_silent() -> None:
    assert told("people_silent_90d", LINES, at=130, facts=FACTS)["a"] == 1.0


def test_of_days_before_the_log_nothing_is_said() -> None:
    later = Population(20 * 86_400_000_000, math.nan, math.nan)
    assert math.isnan(told("people_active_90d", LINES, population=later, facts=FACTS)["a"])
    assert told("people_active_30d", LINES, population=later, facts=FACTS)["a"] == 1.0
