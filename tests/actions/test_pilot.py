"""A pilot's rule and its decisions are written down once; its size is the smallest that sees what is believed."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from foretell.actions.assignments import Assignments
from foretell.actions.pilot import Decision, GoRule, Pilot, begun, contacts_needed, decided, decisions, pilots
from foretell.experiments.comparison import Comparison
from foretell.experiments.power import seen_with
from foretell.project.errors import InputError

PILOT = Pilot("win back", "At risk", GoRule(0.5), "Ann", 1_000)
PROFIT = Comparison("profit", "treated", 500, 500, 90, 99, "", (), effect=1.0, low=0.02, high=1.98)


@pytest.fixture
def ledger(tmp_path: Path) -> Assignments:
    return Assignments(tmp_path)


def test_the_lower_bound_decides_and_not_the_estimate() -> None:
    # A standard error of .5: the one-sided 90 % bound lies 1.2816 of them below 1.
    bound = 1 - 1.2815515655 * 0.5
    for above, word in ((bound - 0.001, "go"), (bound + 0.001, "no go"), (0.0, "go"), (1.0, "no go")):
        decision, why = GoRule(above).judged(PROFIT)
        assert (decision, "lower 90" in why) == (word, True)


def test_what_cannot_be_compared_is_no_go() -> None:
    assert GoRule().judged(None)[0] == "no go"
    assert GoRule().judged(replace(PROFIT, is_stopped=True)) == (
        "no go",
        "the arms are not as large as they were drawn",
    )
    assert GoRule().judged(replace(PROFIT, low=None))[0] == "no go"


def test_a_rule_is_fixed_before_the_start(ledger: Assignments) -> None:
    assert pilots(ledger) == ()
    assert begun(ledger, PILOT) == PILOT
    assert begun(ledger, replace(PILOT, approved_by="Bob", begun_at=2_000)) == PILOT
    with pytest.raises(InputError, match="fixed before its start"):
        begun(ledger, replace(PILOT, rule=GoRule(0.0)))
    begun(ledger, replace(PILOT, segment="Loyal", begun_at=3_000))
    assert [one.name for one in pilots(ledger)] == ["win back: At risk", "win back: Loyal"]


def test_a_step_is_decided_once_and_for_good(ledger: Assignments) -> None:
    begun(ledger, PILOT)
    first = Decision(0, "go", 2_000, "Ann", {"why": "it paid"})
    decided(ledger, PILOT.name, first)
    decided(ledger, PILOT.name, replace(first, decision="no go"))
    assert decisions(ledger, PILOT.name) == (first,)
    with pytest.raises(sqlite3.IntegrityError), ledger.database.transaction() as connection:
        connection.execute("update decisions set decision = 'no go'")


@pytest.mark.parametrize("effect", [0.1, 0.05, -0.1])
def test_a_pilot_is_as_small_as_what_is_believed_allows(effect: float) -> None:
    contacts, words = contacts_needed(0.2, effect, 5_000)
    assert (
        seen_with(0.2, effect, 5_000 - contacts, contacts)
        >= 0.8
        > seen_with(0.2, effect, 5_001 - contacts, contacts - 1)
    )
    assert words.startswith(f"{contacts:,} contacts see")


@pytest.mark.parametrize(("effect", "eligible"), [(0.01, 1_000), (0.0, 1_000), (0.9, 1_000), (0.1, 1), (0.1, 0)])
def test_where_nothing_is_seen_half_are_contacted_and_that_is_said(effect: float, eligible: int) -> None:
    contacts, words = contacts_needed(0.2, effect, eligible)
    assert (contacts, "do not see" in words) == (eligible // 2, True)
