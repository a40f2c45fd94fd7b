"""What the ledger says against drawing somebody again: alike for both arms, by who customers are by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from actions.drawn_from.campaigns_made import AT, people, to_act
from foretell.actions.acting import act
from foretell.actions.assignments import Assignments
from foretell.actions.past_campaigns import merged, past_of
from foretell.project.intervals import days


@pytest.fixture
def ledger(tmp_path: Path) -> Assignments:
    return Assignments(tmp_path)


def as_they_are(ids: Sequence[str]) -> Sequence[str]:
    return ids


def test_both_arms_count_as_contacted_while_the_window_is_open(ledger: Assignments) -> None:
    act(to_act(), ledger, "Ann")
    everybody = {f"c{at}" for at in range(40)}
    past = past_of(ledger, "win back", AT + days(59), as_they_are)
    assert set(past.in_campaign) == everybody
    assert past.by_playbook == past.by_any == dict.fromkeys(everybody, AT)
    assert set(past_of(ledger, "win back", AT + days(60), as_they_are).in_campaign) == set()
    other = past_of(ledger, "nurture", AT, as_they_are)
    assert (other.by_playbook, set(other.in_campaign), set(other.by_any)) == ({}, set(), everybody)


def test_ids_that_became_one_customer_are_counted(ledger: Assignments) -> None:
    drawn = act(to_act(people(6)), ledger, "Ann")
    ids, arms = drawn.assigned["customer_id"].to_pylist(), np.array(drawn.assigned["arm"].to_pylist())
    treated, control = [one for one, arm in zip(ids, arms, strict=True) if arm == "treated"], None
    control = [one for one in ids if one not in treated]
    one_customer = {treated[0]: "x", control[0]: "x", treated[1]: "y", treated[2]: "y"}

    def linked(names: Sequence[str]) -> Sequence[str]:
        return [one_customer.get(name, name) for name in names]

    found = merged(drawn.assigned, linked)
    assert (found.across, found.twice, found.forgotten, found.stays.sum()) == (2, 1, 0, 3)
    past = past_of(ledger, "win back", AT, linked)
    assert (set(past.linked), past.by_playbook["y"]) == ({"x"}, AT)
    ledger.forget(lambda names: np.array([name == control[1] for name in names.to_pylist()]))
    assert merged(ledger.assignments("win back 1"), linked).forgotten == 1


def test_the_latest_assignment_counts(ledger: Assignments) -> None:
    asked = to_act()
    act(asked, ledger, "Ann")
    act(replace(asked, run="run-2", at=AT + days(90)), ledger, "Ann")
    assert set(past_of(ledger, "win back", AT, as_they_are).by_playbook.values()) == {AT + days(90)}


def test_whom_a_playbook_of_rest_treats_is_kept_out_of_others_while_the_rest_lasts(ledger: Assignments) -> None:
    rest = {"name": "rest", "template": "rest", "offers": ()}
    drawn = act(to_act(playbook=rest, offers=()), ledger, "Ann")
    window = days(drawn.campaign.window_days)
    rows = drawn.assigned.to_pylist()
    treated = {row["customer_id"] for row in rows if row["arm"] == "treated"}
    assert 0 < len(treated) < len(rows)
    other = past_of(ledger, "win back", AT + window - 1, as_they_are)
    assert set(other.resting) == treated
    assert (other.by_any, set(other.in_campaign)) == ({}, set())
    assert not past_of(ledger, "win back", AT + window, as_they_are).resting
    own = past_of(ledger, "rest", AT, as_they_are)
    assert (set(own.resting), len(set(own.in_campaign))) == (set(), len(rows))
