"""The ledger keeps who was drawn, whole, once, and for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from foretell.actions.assignments import ASSIGNED, Act, Assignments, Campaign, Whose
from foretell.project.errors import InputError

CAMPAIGN = Campaign("win back 1", "win back", "batch", 1_000, 60, "orders", {"seed": 7, "holdout": 0.5})
ACT = Act("run 1", "Ann", 1_000)


def assigned(people: Sequence[str], campaign: Campaign = CAMPAIGN) -> pa.Table:
    """The assignments of some people, the first half of them treated."""
    rows = [
        {
            "customer_id": person,
            "assigned_at": 1_000,
            "playbook": campaign.playbook,
            "campaign": campaign.name,
            "arm": "treated" if at < len(people) / 2 else "control",
            "offer": "mail" if at < len(people) / 2 else "",
            "channel": "e-mail" if at < len(people) / 2 else "",
            "cost": 0.5 if at < len(people) / 2 else 0.0,
            "stratum": "all",
            "propensity": 0.5,
        }
        for at, person in enumerate(people)
    ]
    return pa.Table.from_pylist(rows, schema=ASSIGNED)


def named(*names: str) -> Whose:
    return lambda ids: np.isin(np.array(ids.to_pylist(), dtype=object), names)


@pytest.fixture
def ledger(tmp_path: Path) -> Assignments:
    found = Assignments(tmp_path)
    found.commit(CAMPAIGN, ACT, assigned(["bob", "cy", "di", "zoe quill"]))
    return found


def test_what_was_committed_is_read(ledger: Assignments) -> None:
    assert ledger.campaigns() == (CAMPAIGN,) == ledger.campaigns("win back")
    assert ledger.campaigns("nurture") == ()
    assert ledger.campaign("win back 1") == CAMPAIGN
    assert ledger.acts("win back 1") == (ACT,)
    assert ledger.assignments("win back 1").equals(assigned(["bob", "cy", "di", "zoe quill"]))
    assert ledger.assignments("win back 2").equals(ASSIGNED.empty_table())


def test_an_empty_folder_has_no_ledger_and_gets_none_by_reading(tmp_path: Path) -> None:
    empty = Assignments(tmp_path)
    assert (empty.campaigns(), len(empty.assignments()), empty.fates("x")) == ((), 0, {})
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="no such campaign"):
        empty.campaign("x")


def test_nobody_is_assigned_twice_and_a_refused_act_leaves_nothing(ledger: Assignments) -> None:
    for act, people in ((ACT, ["zoe quill"]), (Act("run 2", "Ann", 2_000), ["eve"])):
        with pytest.raises(InputError, match="nobody is assigned twice"):
            ledger.commit(CAMPAIGN, act, assigned(people))
    assert (len(ledger.acts(CAMPAIGN.name)), len(ledger.assignments())) == (1, 4)


def test_a_triggered_campaign_goes_on_with_those_who_are_new(ledger: Assignments) -> None:
    lasting = replace(CAMPAIGN, name="second order", playbook="second order", kind="triggered")
    ledger.commit(lasting, ACT, assigned(["bob", "zoe quill"], lasting))
    with pytest.raises(InputError):
        ledger.commit(lasting, Act("run 2", "Ann", 2_000), assigned(["eve", "bob"], lasting))
    assert ledger.assignments("second order")["customer_id"].to_pylist() == ["bob", "zoe quill"]
    ledger.commit(lasting, Act("run 2", "Bo", 2_000), assigned(["eve"], lasting))
    assert ledger.assignments("second order")["customer_id"].to_pylist() == ["bob", "eve", "zoe quill"]
    assert [act.approved_by for act in ledger.acts("second order")] == ["Ann", "Bo"]


def test_what_became_of_somebody_is_told_once_and_changes_no_arm(ledger: Assignments) -> None:
    before = ledger.assignments()
    assert ledger.tell(CAMPAIGN.name, ["zoe quill", "bob"], "sent", 3_000) == 2
    assert ledger.tell(CAMPAIGN.name, ["zoe quill", "cy"], "sent", 4_000) == 1
    ledger.tell(CAMPAIGN.name, ["bob"], "refused", 4_000, "no such address")
    assert ledger.fates(CAMPAIGN.name) == {"sent": {"zoe quill", "bob", "cy"}, "refused": {"bob"}}
    assert ledger.assignments().equals(before)
    with pytest.raises(ValueError, match="no fate"):
        ledger.tell(CAMPAIGN.name, ["zoe quill"], "eaten", 5_000)


def test_a_forgotten_person_leaves_the_ledger_and_the_arm_keeps_its_count(ledger: Assignments) -> None:
    other = replace(CAMPAIGN, name="nurture 1", playbook="nurture")
    ledger.commit(other, ACT, assigned(["zoe quill", "eve"], other))
    ledger.tell(CAMPAIGN.name, ["zoe quill"], "sent", 3_000)
    told = ledger.of_person(named("zoe quill"))
    assert [(row["campaign"], row["arm"], row["fates"]) for row in told] == [
        ("nurture 1", "treated", []),
        ("win back 1", "control", ["sent"]),
    ]
    assert ledger.forget(named("zoe quill")) == 2
    assert b"zoe quill" not in ledger.path.read_bytes()
    assert ledger.of_person(named("zoe quill")) == []
    arms = ledger.assignments(CAMPAIGN.name)
    assert (arms["arm"].to_pylist().count("treated"), len(arms)) == (2, 4)
    assert ledger.forget(named("zoe quill")) == 0


def test_a_damaged_ledger_is_never_begun_anew(ledger: Assignments) -> None:
    ledger.path.write_bytes(b"no database")
    for use in (ledger.campaigns, lambda: ledger.commit(CAMPAIGN, ACT, assigned(["eve"]))):
        with pytest.raises(InputError, match="ledger of assignments is damaged") as refused:
            use()
        assert "from a backup" in (refused.value.hint or "")
    assert ledger.path.read_bytes() == b"no database"
