"""Salesforce Bulk API 2.0 by its published contract: job, file, end, and the three lists of results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foretell.delivery.pushes.preview import preview
from vendors.crm_servers import SalesforceServer
from vendors.pushed import people, person, sent, way
from vendors.speaking import Said, Trouble, open_for_calls

SCORE = "Score__c"


@pytest.fixture
def vendor() -> SalesforceServer:
    return SalesforceServer()


@pytest.fixture
def url(vendor: SalesforceServer) -> Iterator[str]:
    with open_for_calls(vendor) as opened:
        yield opened


def test_an_upsert_is_one_job(vendor: SalesforceServer, url: str, tmp_path: Path) -> None:
    vendor.there("k1", Name="Ann")
    everybody = [*people(3, SCORE), person(3, SCORE, 'a "quote", a\nline')]
    answer = sent(way("salesforce", url, tmp_path, create=True), everybody)
    assert answer.is_complete
    assert vendor.by_key()["k1"] == {"Shop_Id__c": "k1", "Name": "Ann", SCORE: "0.5"}
    assert vendor.by_key()["k3"][SCORE] == 'a "quote", a\nline'
    assert len(vendor.jobs) == 1


def test_without_create_an_update_by_id_makes_nobody(vendor: SalesforceServer, url: str, tmp_path: Path) -> None:
    vendor.there("k1")
    vendor.there("o'k")
    everybody = [*people(3, SCORE), person(9, SCORE)]
    everybody[3] = type(everybody[3])("o'k", {SCORE: 1})
    answer = sent(way("salesforce", url, tmp_path), everybody)
    assert (answer.done, answer.refused, len(vendor.rows)) == (2, 2, 2)
    assert vendor.by_key()["o'k"][SCORE] == "1"
    assert vendor.jobs["7500"]["operation"] == "update"


def test_nothing_leaves_an_empty_cell_which_changes_nothing(vendor: SalesforceServer, url: str, tmp_path: Path) -> None:
    vendor.there("k0", Score__c="0.9")
    assert sent(way("salesforce", url, tmp_path), [person(0, SCORE, None)]).is_complete
    assert vendor.by_key()["k0"][SCORE] == "0.9"


def test_failed_rows_are_refused_and_unprocessed_ones_sent_again(
    vendor: SalesforceServer, url: str, tmp_path: Path
) -> None:
    vendor.fails_after = 3
    everybody = people(8, SCORE)
    everybody[1] = person(1, SCORE, "wrong")
    answer = sent(way("salesforce", url, tmp_path, create=True), everybody)
    assert (answer.done, answer.refused, answer.waiting) == (7, 1, 0)
    assert answer.left[0].told.startswith("INVALID_TYPE")
    assert set(vendor.writes.values()) == {1}
    assert len(vendor.jobs) == 3


def test_a_job_that_was_not_closed_did_nothing(vendor: SalesforceServer, url: str, tmp_path: Path) -> None:
    vendor.troubles.append(Trouble("torn", on="/batches"))
    answer = sent(way("salesforce", url, tmp_path, create=True, once=True), people(2, SCORE))
    assert (answer.done, answer.unsure) == (2, 0)
    assert set(vendor.writes.values()) == {1}


def test_a_job_that_does_not_end_is_unsure_at_most_once_and_repeated_otherwise(
    vendor: SalesforceServer, url: str, tmp_path: Path
) -> None:
    vendor.troubles.append(Trouble("answer", Said(503, "down"), on="Results"))
    once = sent(way("salesforce", url, tmp_path / "once", create=True, once=True), people(2, SCORE))
    assert (once.done, once.unsure) == (0, 2)
    assert set(vendor.writes.values()) == {1}
    vendor.troubles.append(Trouble("answer", Said(503, "down"), on="Results"))
    assert sent(way("salesforce", url, tmp_path / "often", create=True), people(2, SCORE)).is_complete
    assert set(vendor.writes.values()) == {3}


def test_a_wrong_external_id_field_stops_before_anything_is_sent(
    vendor: SalesforceServer, url: str, tmp_path: Path
) -> None:
    answer = sent(way("salesforce", url, tmp_path, create=True, key_property="Other__c"), people(1, SCORE))
    assert (answer.refused, "no such external id" in answer.left[0].told) == (1, True)


def test_the_look_before(vendor: SalesforceServer, url: str, tmp_path: Path) -> None:
    vendor.there("k0", Score__c="0.5")
    vendor.there("k1", Score__c="0.7")
    found = preview(way("salesforce", url, tmp_path), people(3, SCORE), "b1")
    assert (found.added, found.same, [one.person for one in found.changed]) == (("k2",), ("k0",), ["k1"])
