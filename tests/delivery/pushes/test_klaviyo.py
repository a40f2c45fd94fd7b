"""Klaviyo by its published contract: a job is taken with 202, and what became of it is asked afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foretell.delivery.pushes.preview import preview
from vendors.mail_servers import KlaviyoServer
from vendors.pushed import people, person, sent, way
from vendors.speaking import Said, Trouble, open_for_calls


@pytest.fixture
def vendor() -> KlaviyoServer:
    return KlaviyoServer()


@pytest.fixture
def url(vendor: KlaviyoServer) -> Iterator[str]:
    with open_for_calls(vendor) as opened:
        yield opened


def test_profiles_come_in_one_job_onto_the_list(vendor: KlaviyoServer, url: str, tmp_path: Path) -> None:
    answer = sent(way("klaviyo", url, tmp_path, create=True, list="VIPs"), [*people(3), person(3, value=None)])
    assert answer.is_complete
    assert vendor.profiles["k2"]["properties"] == {"score": 0.5}
    assert vendor.profiles["k3"]["properties"] == {}
    job = vendor.asked[0].json["data"]
    assert job["relationships"]["lists"]["data"] == [{"type": "list", "id": "VIPs"}]
    assert "subscriptions" not in str(job)


def test_nobody_is_made_unasked(vendor: KlaviyoServer, url: str, tmp_path: Path) -> None:
    vendor.profiles["k1"] = {"external_id": "k1", "properties": {}}
    answer = sent(way("klaviyo", url, tmp_path), people(3))
    assert (answer.done, answer.refused, set(vendor.profiles)) == (1, 2, {"k1"})


def test_who_failed_in_the_job_is_refused_by_name(vendor: KlaviyoServer, url: str, tmp_path: Path) -> None:
    everybody = [person(number, email="no@@mail" if number % 3 else f"k{number}@shop.example") for number in range(8)]
    answer = sent(way("klaviyo", url, tmp_path, create=True), everybody)
    assert {one.person for one in answer.left} == {"k1", "k2", "k4", "k5", "k7"}
    assert (answer.done, answer.refused) == (3, 5)
    assert "mail" not in answer.left[0].told
    assert all(one.headers["host"].startswith("127.0.0.1") for one in vendor.asked)


def test_failures_that_nobody_names_are_not_taken_for_done(vendor: KlaviyoServer, url: str, tmp_path: Path) -> None:
    vendor.names_errors = False
    answer = sent(way("klaviyo", url, tmp_path, create=True, once=True), [*people(2), person(2, email="no@@mail")])
    assert (answer.done, answer.unsure) == (0, 3)


@pytest.mark.parametrize("end", ["cancelled", "processing"])
def test_a_job_without_an_end_is_not_done(vendor: KlaviyoServer, url: str, tmp_path: Path, end: str) -> None:
    vendor.end = end
    answer = sent(way("klaviyo", url, tmp_path, create=True, once=True), people(2))
    assert (answer.done, answer.unsure) == (0, 2)
    assert "job" in answer.left[0].told


def test_its_windows_are_heard(vendor: KlaviyoServer, url: str, tmp_path: Path) -> None:
    vendor.troubles.append(Trouble("answer", Said(429, {"errors": [{"detail": "slow"}]}, {"Retry-After": "0.02"})))
    assert sent(way("klaviyo", url, tmp_path, create=True), people(2)).is_complete
    assert set(vendor.writes.values()) == {1}


def test_the_look_before(vendor: KlaviyoServer, url: str, tmp_path: Path) -> None:
    vendor.profiles["k1"] = {"external_id": "k1", "properties": {"score": 0.2}}
    found = preview(way("klaviyo", url, tmp_path), people(3), "b1")
    assert (found.added, [one.person for one in found.changed]) == (("k0", "k2"), ["k1"])
