"""HubSpot by its published contract: a hundred at a time, nobody made unasked, whoever failed is told by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foretell.delivery.pushes.preview import preview
from vendors.crm_servers import HubSpotServer
from vendors.pushed import people, person, sent, way
from vendors.speaking import Said, Trouble, open_for_calls


@pytest.fixture
def vendor() -> HubSpotServer:
    return HubSpotServer()


@pytest.fixture
def url(vendor: HubSpotServer) -> Iterator[str]:
    with open_for_calls(vendor) as opened:
        yield opened


def test_who_is_there_is_changed_and_nobody_is_made(vendor: HubSpotServer, url: str, tmp_path: Path) -> None:
    for number in range(0, 250, 2):
        vendor.there(f"k{number}", score="0.1", lifecyclestage="customer")
    answer = sent(way("hubspot", url, tmp_path), people(250))
    assert (answer.done, answer.refused, answer.waiting, answer.unsure) == (125, 125, 0, 0)
    assert len(vendor.records) == 125
    assert {one["score"] for one in vendor.records.values()} == {"0.5"}
    assert {one["lifecyclestage"] for one in vendor.records.values()} == {"customer"}
    assert "create = false" in answer.left[0].told
    assert [len(one.json["inputs"]) for one in vendor.asked] == [100, 50, 100, 50, 50, 25]


def test_with_create_everybody_is_upserted_by_the_key(vendor: HubSpotServer, url: str, tmp_path: Path) -> None:
    vendor.there("k1")
    answer = sent(way("hubspot", url, tmp_path, create=True, email="email"), people(3))
    assert answer.is_complete
    assert vendor.by_key()["k2"] == {"shop_id": "k2", "email": "k2@shop.example", "score": "0.5"}
    assert {one["idProperty"] for one in vendor.asked[0].json["inputs"]} == {"shop_id"}


def test_of_a_207_only_those_named_are_refused_without_an_address(
    vendor: HubSpotServer, url: str, tmp_path: Path
) -> None:
    everybody = [*people(3), person(3, email="bad@")]
    answer = sent(way("hubspot", url, tmp_path, create=True), everybody)
    assert (answer.done, answer.refused) == (3, 1)
    assert (answer.left[0].person, "bad@" in answer.left[0].told) == ("k3", False)


def test_of_a_207_that_names_nobody_those_without_a_result_are_refused(
    vendor: HubSpotServer, url: str, tmp_path: Path
) -> None:
    results = [{"id": "1", "properties": {"shop_id": "k0"}}]
    vendor.troubles.append(
        Trouble("answer", Said(207, {"results": results, "numErrors": 1, "errors": [{"message": "no"}]}))
    )
    answer = sent(way("hubspot", url, tmp_path, create=True), people(2))
    assert (answer.done, [one.person for one in answer.left]) == (1, ["k1"])


def test_one_wrong_value_does_not_take_the_others_along(vendor: HubSpotServer, url: str, tmp_path: Path) -> None:
    everybody = people(100)
    everybody[37] = person(37, value="much")
    answer = sent(way("hubspot", url, tmp_path, create=True), everybody)
    assert (answer.done, answer.refused) == (99, 1)
    assert answer.left[0].person == "k37"
    assert "not valid" in answer.left[0].told
    assert len(vendor.asked) < 20
    assert set(vendor.writes.values()) == {1}


def test_where_nobody_is_taken_it_stops_early(vendor: HubSpotServer, url: str, tmp_path: Path) -> None:
    answer = sent(way("hubspot", url, tmp_path, create=True), [person(n, value="much") for n in range(300)])
    assert answer.refused == 10
    assert answer.waiting == 290
    assert "every one" in answer.stopped


def test_its_window_is_heard(vendor: HubSpotServer, url: str, tmp_path: Path) -> None:
    headers = {"X-HubSpot-RateLimit-Remaining": "0", "X-HubSpot-RateLimit-Interval-Milliseconds": "20"}
    vendor.troubles.append(Trouble("answer", Said(429, {"message": "too many"}, headers)))
    vendor.troubles.append(Trouble("answer", Said(429, {"message": "too many"}, {"Retry-After": "3600"})))
    push = way("hubspot", url, tmp_path, create=True)
    answer = sent(push, people(2))
    assert (answer.done, answer.waiting) == (0, 2)
    assert "3,600" in answer.stopped
    assert sent(push, people(2)).done == 2


def test_the_look_before_tells_who_is_new_and_what_changes(vendor: HubSpotServer, url: str, tmp_path: Path) -> None:
    vendor.there("k0", score="0.50")
    vendor.there("k1", score="0.25")
    found = preview(way("hubspot", url, tmp_path), people(3), "b1")
    assert (found.added, found.same, found.unread) == (("k2",), ("k0",), "")
    assert [(one.person, one.fields) for one in found.changed] == [("k1", (("score", "0.25", 0.5),))]
    assert not vendor.writes
    assert not (tmp_path / ".foretell").exists()
