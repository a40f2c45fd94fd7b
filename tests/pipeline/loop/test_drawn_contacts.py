"""The ledger comes in as data: draws that were known by then, by the key of the customer, for as long as they work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from foretell.actions.assignments import ASSIGNED, Act, Assignments, Campaign
from foretell.pipeline.actions.known_as import KnownAs
from foretell.pipeline.loop.drawn_contacts import ledger_before
from foretell.project.fingerprints import keys_of
from foretell.project.intervals import days
from foretell.project.place import Place
from foretell.project.request import IF_NOBODY

FIRST = Campaign("win back 1", "win back", "batch", days(10), 60, "orders", {"playbook": {"template": "win back"}})
SECOND = replace(FIRST, name="win back 2", begun_at=days(30), window_days=20)
RESTED = Campaign("quiet 1", "quiet", "batch", days(10), 60, "orders", {"playbook": {"template": "rest"}})


def assigned(campaign: Campaign, at: int, **arms: str) -> pa.Table:
    rows = [
        {
            "customer_id": who, "assigned_at": at, "playbook": campaign.playbook, "campaign": campaign.name,
            "arm": arm, "offer": "", "channel": "", "cost": 0.0, "stratum": "", "propensity": 0.25,
        }
        for who, arm in sorted(arms.items())
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=ASSIGNED)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A ledger of three campaigns in a place whose log links no ids."""
    monkeypatch.setattr(KnownAs, "at", classmethod(lambda cls, *_: cls({})))
    ledger = Assignments(tmp_path)
    for campaign, arms in (
        (FIRST, {"a": "treated", "b": "control"}),
        (SECOND, {"a": "control"}),
        (RESTED, {"c": "treated"}),
    ):
        ledger.commit(
            campaign, Act(campaign.name, "crm@shop", campaign.begun_at), assigned(campaign, campaign.begun_at, **arms)
        )
    return Place(tmp_path / "out", tmp_path)


def test_what_was_drawn_by_then_is_told(place: Place) -> None:
    found = ledger_before(place, days(20), IF_NOBODY)
    assert found.campaigns == ("win back", "win back 1")
    assert found.drawn.customer_key.tolist() == keys_of(["a", "b"]).tolist()
    assert found.drawn.treated.tolist() == [True, False]
    assert (found.drawn.ends - found.drawn.begins).tolist() == [days(60)] * 2
    assert found.drawn.propensity.tolist() == [0.25] * 2


def test_a_later_moment_knows_more_and_an_earlier_one_nothing(place: Place) -> None:
    later = ledger_before(place, days(31), IF_NOBODY)
    assert later.campaigns == ("win back", "win back 1", "win back 2")
    assert (later.drawn.ends - later.drawn.begins).tolist() == [days(60), days(60), days(20)]
    assert len(ledger_before(place, days(10), IF_NOBODY).drawn.customer_key) == 0


def test_without_a_ledger_nobody_was_drawn(tmp_path: Path) -> None:
    found = ledger_before(Place(tmp_path, tmp_path), days(20), IF_NOBODY)
    assert (found.campaigns, len(found.drawn.treated), found.drawn.policy) == ((), 0, IF_NOBODY)
