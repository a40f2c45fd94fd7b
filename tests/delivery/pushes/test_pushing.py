"""Pushing: whatever fails or stops, nobody is lost, and nobody is sent twice whom once was promised."""

from __future__ import annotations

import multiprocessing
import os
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path

import pytest

from foretell.delivery.pushes.preview import preview
from foretell.delivery.pushes.pushing import push, push_again
from foretell.project.errors import InputError
from foretell.project.progress import Silent
from foretell.storage.lock import alone_at_work
from vendors.crm_servers import HubSpotServer
from vendors.mail_servers import SegmentServer
from vendors.pushed import people, person, push_hubspot, sent, way
from vendors.speaking import TOKEN, Said, Trouble, open_for_calls


@pytest.fixture
def vendor() -> HubSpotServer:
    return HubSpotServer()


@pytest.fixture
def url(vendor: HubSpotServer) -> Iterator[str]:
    with open_for_calls(vendor) as opened:
        yield opened


class Counting(Silent):
    """A listener that counts."""

    def __init__(self) -> None:
        self.total = self.done = 0

    def step(self, name: str, total: int = 1) -> None:
        self.total = total

    def advance(self, parts: int = 1) -> None:
        self.done += parts


def test_the_same_batch_again_sends_nobody_and_another_one_everybody(
    vendor: HubSpotServer, url: str, tmp_path: Path
) -> None:
    tool = way("hubspot", url, tmp_path, create=True)
    first, again, other = sent(tool, people(3)), sent(tool, people(4)), sent(tool, people(3), "b2")
    assert [(one.done, one.already) for one in (first, again, other)] == [(3, 0), (1, 3), (3, 0)]
    assert vendor.writes == {"k0": 2, "k1": 2, "k2": 2, "k3": 1}


@pytest.mark.parametrize("kind", ["cut", "torn", "late"])
def test_what_may_have_arrived_is_repeated_or_left_alone_as_was_promised(
    vendor: HubSpotServer, url: str, tmp_path: Path, kind: str
) -> None:
    vendor.troubles.append(Trouble(kind))  # type: ignore[arg-type]
    often = sent(way("hubspot", url, tmp_path / "often", create=True), people(2))
    assert often.is_complete
    vendor.writes.clear()
    vendor.troubles.append(Trouble(kind))  # type: ignore[arg-type]
    tool = way("hubspot", url, tmp_path / "once", create=True, once=True)
    once, again = sent(tool, people(102)), sent(tool, people(102))
    assert (once.done, once.unsure, again.done, again.unsure) == (2, 100, 0, 100)
    assert max(vendor.writes.values()) == 1
    assert {one.state for one in again.left} == {"unsure"}


def test_failures_are_repeated_with_patience_and_then_wait_for_the_next_call(
    vendor: HubSpotServer, url: str, tmp_path: Path
) -> None:
    vendor.troubles.extend([Trouble("answer", Said(500))] * 3)
    tool = way("hubspot", url, tmp_path, create=True)
    began = time.monotonic()
    assert sent(tool, people(2)).is_complete
    assert time.monotonic() - began >= 0.01 + 0.02 + 0.04
    vendor.troubles.extend([Trouble("answer", Said(503, {"message": "down"}))] * 50)
    down = sent(tool, people(250), "b2")
    assert (down.done, down.waiting) == (0, 250)
    assert down.stopped == "answered 503: down"
    assert len(vendor.troubles) == 46
    vendor.troubles.clear()
    answers = push_again(tool, Silent())
    assert [(one.batch, one.done, one.left) for one in answers] == [("b2", 250, ())]
    assert push_again(tool, Silent()) == []


def test_a_token_that_is_not_taken_refuses_nobody_for_good(vendor: HubSpotServer, url: str, tmp_path: Path) -> None:
    vendor.troubles.append(Trouble("answer", Said(401, {"message": "expired"})))
    tool = way("hubspot", url, tmp_path, create=True)
    answer = sent(tool, people(150))
    assert (answer.waiting, answer.stopped) == (150, "answered 401: expired")
    assert sent(tool, people(150)).done == 150


def test_a_redirect_is_not_followed(vendor: HubSpotServer, url: str, tmp_path: Path) -> None:
    other = HubSpotServer()
    with open_for_calls(other) as elsewhere:
        vendor.troubles.append(Trouble("answer", Said(307, None, {"Location": elsewhere})))
        answer = sent(way("hubspot", url, tmp_path, create=True), people(1))
    assert (answer.waiting, answer.stopped, other.asked) == (1, "answered 307", [])


def test_who_was_refused_is_tried_again_when_mended(vendor: HubSpotServer, url: str, tmp_path: Path) -> None:
    tool = way("hubspot", url, tmp_path, create=True)
    assert sent(tool, [*people(2), person(2, email="bad@")]).refused == 1
    assert sent(tool, people(3)).is_complete
    assert vendor.writes == {"k0": 1, "k1": 1, "k2": 1}


def test_progress_is_told_to_the_end(url: str, tmp_path: Path) -> None:
    listener = Counting()
    push(way("hubspot", url, tmp_path, create=True), people(230), "b1", listener)
    assert (listener.total, listener.done) == (230, 230)


def test_no_other_push_is_at_work_meanwhile(url: str, tmp_path: Path) -> None:
    tool = way("hubspot", url, tmp_path, create=True)
    with alone_at_work(tool.ledger.folder), pytest.raises(InputError, match="at work"):
        Context().run(sent, tool, people(1))


def test_the_token_is_told_to_nobody_else(vendor: HubSpotServer, url: str, tmp_path: Path) -> None:
    vendor.troubles.extend([Trouble("torn"), Trouble("answer", Said(400, {"message": f"Bearer {TOKEN}"}))])
    tool = way("hubspot", url, tmp_path, create=True)
    assert TOKEN not in repr(tool)
    sent(tool, people(1))
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert TOKEN.encode() not in kept
    assert vendor.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_an_event_is_not_repeated_once_its_id_may_be_forgotten(tmp_path: Path) -> None:
    vendor = SegmentServer()
    with open_for_calls(vendor) as url:
        tool = way("segment", url, tmp_path, list="Chosen")
        vendor.troubles.extend([Trouble("torn")] * 9)
        assert sent(tool, people(2)).waiting == 2
        vendor.troubles.clear()
        with sqlite3.connect(tool.ledger.path) as connection:
            connection.execute("update people set first_try_at = first_try_at - 90000000000 where person = 'k0'")
        answer = sent(tool, people(2))
    assert (answer.done, [(one.person, one.state) for one in answer.left]) == (1, [("k0", "unsure")])


STRANGE: tuple[object, ...] = (
    [],
    {},
    5,
    {"results": 3, "errors": [1]},
    {"data": [1]},
    {"id": {}},
    {"errors": 7, "data": 1},
)


@pytest.mark.parametrize("kind", ["hubspot", "salesforce", "mailchimp", "klaviyo"])
def test_answers_that_keep_to_no_contract_lose_and_double_nobody(tmp_path: Path, kind: str) -> None:
    for place, strange in enumerate(STRANGE):
        vendor = HubSpotServer()
        vendor.troubles.extend([Trouble("answer", Said(200, strange))] * 30)
        with open_for_calls(vendor) as url:
            tool = way(kind, url, tmp_path / str(place), create=True, once=True)
            answer = sent(tool, people(2))
            preview(tool, people(2), "b2")
        assert answer.done == 0
        assert answer.waiting + answer.unsure == 2


@pytest.mark.parametrize("once", [True, False])
def test_killed_at_any_moment_nobody_is_lost_and_nobody_sent_twice_whom_once_was_promised(
    vendor: HubSpotServer, url: str, tmp_path: Path, once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["vendors.pushed"])
    moments, killed, count = random.Random(7), 0, 1_200
    vendor.pause_seconds = 0.02
    for attempt in range(10):
        child = context.Process(target=push_hubspot, args=(url, tmp_path, count, once))
        child.start()
        seen = len(vendor.asked)
        while attempt % 2 and child.is_alive() and len(vendor.asked) == seen:
            time.sleep(0.002)
        child.join(moments.uniform(0, 0.03 if attempt % 2 else 0.1))
        child.kill()
        child.join()
        assert child.exitcode in (0, -9)
        killed += child.exitcode == -9
    answer = sent(way("hubspot", url, tmp_path, create=True, once=once), people(count))
    assert killed >= 5
    assert answer.done + answer.already + answer.unsure == count
    unsure = {one.person for one in answer.left}
    assert {one.key for one in people(count)} - set(vendor.writes) <= unsure
    assert max(vendor.writes.values()) == 1 or not once
    assert answer.is_complete or once
