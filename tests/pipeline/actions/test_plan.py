"""Plans of a run: what adds up, what changes with what is believed, and that nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.answers.published import PublishedRun
from foretell.cli.screen.action.plan import lines_of
from foretell.pipeline.actions.act import acted_on, prepared
from foretell.pipeline.actions.plan import plan_of, plans, together
from foretell.project.place import Place
from shops.acting_shop import acting_shop

LIMITED = '\n[[playbooks]]\nname = "few"\nwhen = "orders_life > 0"\noffers = ["letter"]\nbudget = 5\ncapacity = 8\n'


@pytest.fixture
def place(shop_run: PublishedRun, tmp_path: Path) -> Place:
    return acting_shop(shop_run, tmp_path, LIMITED)


def test_a_plan_adds_up_and_writes_nothing(place: Place) -> None:
    before = sorted(place.state.parent.rglob("*"))
    found = plan_of(place, "win back")
    money = found.expected
    assert money.profit == pytest.approx(money.gain - money.anyway - money.contacts)
    assert money.low < money.profit < money.high
    assert sum(count for _, count in found.left) + found.drawn.treated == found.candidates.may_be_reached.sum()
    assert sum(profit for *_, profit in found.reached) == pytest.approx(money.profit)
    assert found.is_first
    assert sorted(place.state.parent.rglob("*")) == before


def test_the_plan_is_what_acting_would_do(place: Place) -> None:
    found = plan_of(place, "win back")
    assert found.drawn.assigned.drop_columns("assigned_at").equals(
        prepared(place, "win back").drawn.assigned.drop_columns("assigned_at")
    )


def test_profit_is_nothing_where_the_effect_just_pays(place: Place) -> None:
    found = plan_of(place, "win back")
    assert found.expected.pays_from is not None
    again = plan_of(place, "win back", effect=found.expected.pays_from).expected
    assert again.profit == pytest.approx(0, abs=1e-6 + 0.05 * again.contacts)
    assert plan_of(place, "win back", effect=0.5).expected.profit > found.expected.profit


def test_budget_and_capacity_bound_the_contacts(place: Place) -> None:
    assert plan_of(place, "few").drawn.treated == 8
    less = plan_of(place, "few", budget=2)
    assert (less.drawn.treated, less.expected.contacts) == (4, 2.0)
    assert any("at most 8 contacts a day" in note for note in less.notes)


def test_later_campaigns_choose_by_profit(place: Place) -> None:
    acted_on(place, "few", "Ann Example")
    found = plan_of(place, "few")
    assert not found.is_first
    assert not found.drawn.is_new
    assert "This run was acted on already: few 1" in " ".join(lines_of(found))


def test_all_plans_are_told_as_plain_values(place: Place) -> None:
    told = [one.as_json() for one in plans(place)]
    assert [one["playbook"] for one in told] == ["win back", "few"]
    assert {one["profit"]["source"] for one in told} == {"guess"}
    assert len(told[0]["curve"]["spent"]) == len(told[0]["curve"]["profit"])
    assert any("nobody is known to object" in note for note in told[0]["notes"])


def test_together_nobody_is_taken_twice(place: Place) -> None:
    found = plans(place)
    shared = together(found)
    assert [share.playbook for share in shared.shares] == ["win back", "few"]
    assert sum(share.customers for share in shared.shares) <= len(found[1].candidates)
    taken = [plan.candidates.customer_id.filter(plan.choice.chosen().customers).to_pylist() for plan in found]
    assert [share.alone for share in shared.shares] == [len(taken[0]), len(taken[1])]
    assert shared.contested == len(set(taken[0]) & set(taken[1]))
