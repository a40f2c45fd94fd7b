"""Handing over: one signed message an act and delivery, once, that names no customer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from actions.drawn_from.campaigns_made import AT, to_act
from foretell.actions.acting import Acted, act, finished
from foretell.actions.assignments import Act, Assignments
from foretell.actions.campaign_files import Contents
from foretell.actions.handing_over import handed_over
from foretell.project.parts.alerts import DeliveryPart
from foretell.project.place import Place
from receivers import WebReceiver, serving

SECRET = {"CRM_SECRET": "whsec_" + "A" * 40}
OWN = Act("run-1", "Ann", AT)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, tmp_path)


@pytest.fixture
def acted(place: Place) -> Acted:
    asked, ledger = to_act(), Assignments(place.state)
    return finished(act(asked, ledger, "Ann"), asked, ledger, place.out, Contents({}), AT)


def hook(port: int) -> DeliveryPart:
    return DeliveryPart(
        kind="webhook", name="crm", url=f"http://127.0.0.1:{port}/in", secret_env="CRM_SECRET", allow_private=True
    )


def test_a_message_is_sent_once_and_names_nobody(place: Place, acted: Acted) -> None:
    receiver = WebReceiver()
    with serving(receiver) as port:
        sent = [handed_over(acted, OWN, place, [hook(port)], SECRET, lambda: AT + 1) for _ in range(2)]
    assert [one.outcome for (one,) in sent] == ["delivered", "delivered"]
    ((_, headers, body),) = receiver.requests
    told = json.loads(body)
    assert headers["webhook-id"] == sent[0][0].message_id
    assert (told["type"], told["data"]["treated"], told["data"]["control"]) == ("campaign.approved", 20, 20)
    assert told["data"]["files"] == sorted(str(path) for path in acted.files.values())
    assert not any(f'"{one}"' in body.decode() for one in acted.drawn.assigned["customer_id"].to_pylist())


def test_what_failed_waits_and_is_tried_again_when_it_is_due(place: Place, acted: Acted) -> None:
    receiver = WebReceiver(status=503)
    with serving(receiver) as port:
        (first,) = handed_over(acted, OWN, place, [hook(port)], SECRET, lambda: AT + 1)
        (soon,) = handed_over(acted, OWN, place, [hook(port)], SECRET, lambda: AT + 2)
        receiver.status = 204
        (due,) = handed_over(acted, OWN, place, [hook(port)], SECRET, lambda: AT + 61_000_001)
    assert [one.outcome for one in (first, soon, due)] == ["waiting", "waiting", "delivered"]
    assert len(receiver.requests) == 2
    assert first.next_try_at is not None


def test_a_secret_that_is_not_there_is_told(place: Place, acted: Acted) -> None:
    (sent,) = handed_over(acted, OWN, place, [hook(9)], {}, lambda: AT + 1)
    assert (sent.outcome, "CRM_SECRET" in sent.told) == ("not tried", True)
    assert handed_over(acted, OWN, place, [], {}, lambda: AT + 1) == []
