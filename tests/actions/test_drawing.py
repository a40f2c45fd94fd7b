"""A campaign is drawn from those who may be reached, within budget and capacity, and comes out the same again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from actions.drawn_from.campaigns_made import AT, MAIL, people, to_act
from foretell.actions.acting import act
from foretell.actions.assignments import Assignments
from foretell.actions.drawing import Chosen, Drawn, drawn_for, places_of


@pytest.fixture
def ledger(tmp_path: Path) -> Assignments:
    return Assignments(tmp_path)


def arms(drawn: Drawn) -> dict[str, str]:
    return dict(zip(*(drawn.assigned[name].to_pylist() for name in ("customer_id", "arm")), strict=True))


def test_a_first_campaign_is_drawn_from_all_who_may_be_reached(ledger: Assignments) -> None:
    drawn = drawn_for(to_act(people(44, objecting=4)), ledger)
    assert (drawn.campaign.name, drawn.campaign.kind, drawn.treated, drawn.control) == ("win back 1", "batch", 20, 20)
    assert not set(arms(drawn)) & {"c0", "c1", "c2", "c3"}
    assert drawn.cost == pytest.approx(10.0)
    assert set(drawn.assigned["propensity"].to_pylist()) == {0.5}
    assert arms(drawn_for(to_act(people(44, objecting=4)), ledger)) == arms(drawn)
    assert not ledger.path.exists()


@pytest.mark.parametrize(
    ("part", "most", "places"),
    [({}, None, None), ({"budget": 3.2}, None, 6), ({"capacity": 5}, None, 5), ({"budget": 3.2, "capacity": 5}, 4, 4)],
)
def test_budget_and_capacity_limit_the_contacts(
    ledger: Assignments, part: dict[str, object], most: int | None, places: int | None
) -> None:
    asked = to_act(playbook=part, most=most)
    assert places_of(asked) == places
    assert drawn_for(asked, ledger).treated == (places or 20)


def test_what_costs_nothing_is_limited_by_no_budget() -> None:
    assert places_of(to_act(playbook={"budget": 0}, offers=(MAIL.model_copy(update={"cost": 0.0}),))) is None
    assert places_of(to_act(playbook={"budget": 0})) == 0


def test_a_later_campaign_follows_what_was_chosen_and_stays_in_its_places(ledger: Assignments) -> None:
    act(to_act(), ledger, "Ann")
    who = people(400)
    chosen = Chosen(np.arange(400) < 100, np.zeros(400, dtype=np.int64))
    asked = to_act(who, run="run-2", chosen=chosen, playbook={"capacity": 40})
    drawn = drawn_for(asked, ledger)
    assert drawn.campaign.name == "win back 2"
    assert drawn.treated == 40
    at_random = [row for row in drawn.assigned.to_pylist() if row["stratum"].startswith("at random")]
    assert [row["arm"] for row in at_random].count("treated") == 2 == len(at_random) / 2
    assert {row["customer_id"] for row in at_random}.isdisjoint({f"c{at}" for at in range(100)})
    assert {row["propensity"] for row in drawn.assigned.to_pylist()} == {0.5, 0.38}


def test_several_offers_are_drawn_first_and_chosen_later(ledger: Assignments) -> None:
    offers = (MAIL, MAIL.model_copy(update={"name": "letter", "channel": "post", "cost": 1.0}))
    first = act(to_act(offers=offers), ledger, "Ann")
    assert {row["offer"] for row in first.assigned.to_pylist() if row["arm"] == "treated"} == {"voucher", "letter"}
    chosen = Chosen(np.ones(40, dtype=bool), np.ones(40, dtype=np.int64))
    later = drawn_for(to_act(offers=offers, run="run-2", chosen=chosen), ledger)
    treated = [row for row in later.assigned.to_pylist() if row["arm"] == "treated"]
    assert {(row["offer"], row["channel"], row["cost"]) for row in treated} == {("letter", "post", 1.0)}
    assert {row["cost"] for row in later.assigned.to_pylist() if row["arm"] == "control"} == {0.0}


def test_a_triggered_playbook_lets_in_whoever_is_new_and_flips_nobody(ledger: Assignments) -> None:
    part = {"triggered": True, "holdout": "auto"}
    first = act(to_act(people(30), playbook=part), ledger, "Ann")
    assert (first.campaign.name, first.campaign.kind) == ("win back", "triggered")
    later = to_act(people(40), run="run-2", at=AT + 5, playbook={**part, "holdout": 0.1})
    assert set(arms(drawn_for(later, ledger))) == {f"c{at}" for at in range(30, 40)}
    whole = act(later, ledger, "Ann")
    assert {name: arm for name, arm in arms(whole).items() if name in arms(first)} == arms(first)
    assert len(whole.assigned) == 40
    assert {row["propensity"] for row in whole.assigned.to_pylist()} == {1 - first.holdout.share}
    alone = Assignments(ledger.path.parent / "other")
    alone.path.parent.mkdir()
    assert arms(act(to_act(people(40), playbook={**part, "holdout": first.holdout.share}), alone, "Ann")) == arms(whole)


def test_a_triggered_playbook_keeps_to_its_capacity(ledger: Assignments) -> None:
    asked = to_act(people(40), playbook={"triggered": True, "holdout": 0.3, "capacity": 7})
    assert act(asked, ledger, "Ann").treated == 7
    assert act(replace(asked, run="run-2"), ledger, "Ann").treated == 14


def test_without_a_declared_holdout_power_says_it(ledger: Assignments) -> None:
    drawn = drawn_for(to_act(people(4_000), playbook={"holdout": "auto"}), ledger)
    assert (drawn.holdout.share, drawn.holdout.sees, drawn.control) == (0.1, True, 400)
    assert drawn.campaign.declared["holdout"] == 0.1


def test_where_nobody_is_worth_a_contact_a_few_are_still_contacted_at_random(ledger: Assignments) -> None:
    act(to_act(), ledger, "Ann")
    nobody = Chosen(np.zeros(400, dtype=bool), np.zeros(400, dtype=np.int64))
    drawn = drawn_for(to_act(people(400), run="run-2", chosen=nobody), ledger)
    assert (drawn.treated, drawn.control) == (20, 20)
    assert all(row["stratum"].startswith("at random") for row in drawn.assigned.to_pylist())
