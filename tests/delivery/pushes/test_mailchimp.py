"""Mailchimp by its published contract: nobody who left is subscribed again, a 200 is no proof, a 403 may be haste."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foretell.delivery.pushes.mailchimp import MOST_ASKED_SINGLY
from foretell.delivery.pushes.preview import preview
from vendors.mail_servers import MailchimpServer
from vendors.pushed import people, person, sent, way
from vendors.speaking import Said, Trouble, open_for_calls

SCORE = "SCORE"


@pytest.fixture
def vendor() -> MailchimpServer:
    return MailchimpServer()


@pytest.fixture
def url(vendor: MailchimpServer) -> Iterator[str]:
    with open_for_calls(vendor) as opened:
        yield opened


def test_fields_change_and_states_do_not(vendor: MailchimpServer, url: str, tmp_path: Path) -> None:
    for number, status in enumerate(("subscribed", "unsubscribed", "cleaned")):
        vendor.there(f"k{number}@shop.example", status)
    answer = sent(way("mailchimp", url, tmp_path), people(4, SCORE))
    assert (answer.done, answer.refused) == (3, 1)
    assert [one["status"] for one in vendor.members.values()] == ["subscribed", "unsubscribed", "cleaned"]
    assert {one["merge_fields"][SCORE] for one in vendor.members.values()} == {0.5}


@pytest.mark.parametrize(("consent", "status"), [(False, "transactional"), (True, "subscribed")])
def test_who_is_new_is_made_and_who_left_stays_gone(
    vendor: MailchimpServer, url: str, tmp_path: Path, consent: bool, status: str
) -> None:
    vendor.there("K1@shop.example", "unsubscribed")
    everybody = [*people(3, SCORE), person(3, SCORE, email="fake@shop.example"), person(4, SCORE, email="")]
    answer = sent(way("mailchimp", url, tmp_path, create=True, consent=consent), everybody)
    assert (answer.done, answer.refused) == (3, 2)
    assert {one.person: one.told for one in answer.left} == {"k3": "... looks fake", "k4": "no e-mail address"}
    states = {email: one["status"] for email, one in vendor.by_email().items()}
    assert states == {"K1@shop.example": "unsubscribed", "k0@shop.example": status, "k2@shop.example": status}
    assert vendor.by_email()["K1@shop.example"]["merge_fields"] == {SCORE: 0.5}


def test_a_403_without_json_is_haste_and_one_with_json_is_a_refusal(
    vendor: MailchimpServer, url: str, tmp_path: Path
) -> None:
    vendor.there("k0@shop.example")
    vendor.troubles.append(Trouble("answer", Said(403, b"<html>Access Denied</html>")))
    assert sent(way("mailchimp", url, tmp_path / "a"), people(1, SCORE)).is_complete
    vendor.troubles.append(Trouble("answer", Said(403, {"title": "User does not have access", "status": 403})))
    answer = sent(way("mailchimp", url, tmp_path / "b"), people(1, SCORE))
    assert (answer.waiting, "does not have access" in answer.stopped) == (1, True)


def test_another_audience_is_told_as_such(vendor: MailchimpServer, url: str, tmp_path: Path) -> None:
    answer = sent(way("mailchimp", url, tmp_path, list="none", create=True), people(1, SCORE))
    assert (answer.waiting, "Not Found" in answer.stopped) == (1, True)


@pytest.mark.parametrize("count", [3, MOST_ASKED_SINGLY + 3])
def test_the_look_before(vendor: MailchimpServer, url: str, tmp_path: Path, count: int) -> None:
    vendor.there("K0@shop.example", SCORE=0.5)
    vendor.there("k1@shop.example", SCORE="")
    vendor.there("other@shop.example")
    found = preview(way("mailchimp", url, tmp_path), people(count, SCORE), "b1")
    assert (found.same, [one.person for one in found.changed], len(found.added)) == (("k0",), ["k1"], count - 2)
