"""The ledger of pushes: what it says of everybody, whatever order things happen in."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.delivery.pushes.contract import DONE, Kind, Verdict
from foretell.delivery.pushes.ledger import FOLDER, PushLedger

SECOND = 1_000_000
BODIES: dict[str, dict[str, Any]] = {
    "k1": {"fields": {"a": 1}, "email": "ann@shop.example", "phone": ""},
    "k2": {"fields": {}},
}


@pytest.fixture
def ledger(tmp_path: Path) -> PushLedger:
    ledger = PushLedger(tmp_path)
    ledger.queue("crm", "b1", BODIES, "", 0)
    return ledger


def test_people_wait_in_their_order_until_they_are_done(ledger: PushLedger) -> None:
    assert [key for key, _ in ledger.waiting("crm", "b1")] == ["k1", "k2"]
    ledger.begin("crm", "b1", ["k1", "k2"], 5)
    assert ledger.waiting("crm", "b1") == []
    ledger.end("crm", "b1", {"k1": DONE, "k2": Verdict("again", "busy")}, math.inf, 6)
    assert ledger.states("crm", "b1") == {"k1": "done", "k2": "waiting"}
    assert [(one.person, one.state, one.tries, one.told) for one in ledger.entries()] == [("k2", "waiting", 1, "busy")]
    assert ledger.counts() == [("crm", "b1", "done", 1), ("crm", "b1", "waiting", 1)]
    assert b"ann@shop.example" not in ledger.path.read_bytes()


def test_the_refused_wait_again_with_what_is_given_now_and_the_done_do_not(ledger: PushLedger) -> None:
    ledger.end("crm", "b1", {"k1": DONE, "k2": Verdict("refused", "no")}, math.inf, 1)
    ledger.queue("crm", "b1", {"k1": {"fields": {"a": 2}}, "k2": {"fields": {"a": 2}}}, "", 2)
    assert ledger.waiting("crm", "b1") == [("k2", {"fields": {"a": 2}})]
    ledger.end("crm", "b1", {"k2": Verdict("refused", "no")}, math.inf, 3)
    assert ledger.again("crm") == ["b1"]
    assert [key for key, _ in ledger.waiting("crm", "b1")] == ["k2"]


@pytest.mark.parametrize(
    ("repeats_for", "after", "state"),
    [(math.inf, 10**9, "waiting"), (60.0, 59, "waiting"), (60.0, 61, "unsure"), (0.0, 0, "unsure")],
)
def test_an_attempt_without_an_end_is_repeated_as_long_as_that_is_harmless(
    ledger: PushLedger, repeats_for: float, after: int, state: str
) -> None:
    ledger.begin("crm", "b1", ["k1"], 5)
    ledger.take_up("crm", repeats_for, 5 + after * SECOND)
    assert ledger.states("crm", "b1") == {"k1": state, "k2": "waiting"}


def test_who_was_sent_before_is_who_stands_in_the_newest_other_batch(ledger: PushLedger) -> None:
    ledger.end("crm", "b1", {"k1": DONE}, math.inf, 1)
    ledger.queue("crm", "b2", {"k2": {}}, "", 2)
    assert ledger.sent_before("crm", "b2") == ["k1"]
    assert ledger.sent_before("other", "b2") == []


def test_forgetting_leaves_that_somebody_was_sent_and_no_name(ledger: PushLedger, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("k1")
    ledger.queue("file", "b1", {"k1": {}, "k3": {}}, str(file), 1)
    ledger.end("file", "b1", {"k1": DONE, "k3": DONE}, math.inf, 1)
    assert ledger.forget(lambda texts: ["k1" in text or "ann@" in text for text in texts]) == 2
    assert not file.exists()
    assert ledger.states("crm", "b1") == {"k2": "waiting"}
    assert sorted(ledger.states("file", "b1").values()) == ["done", "done"]
    assert all(name not in ledger.path.read_bytes() for name in (b"k1", b"ann@"))


def test_without_a_ledger_nothing_is_known_and_nothing_is_made(tmp_path: Path) -> None:
    ledger = PushLedger(tmp_path)
    assert (ledger.entries(), ledger.counts(), ledger.waiting("a", "b"), ledger.rows()) == ([], [], [], [])
    assert ledger.forget(lambda texts: []) == 0
    assert not (tmp_path / FOLDER).exists()


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(["done", "refused", "again", "unsure", "crash"]), max_size=6), st.booleans())
def test_whoever_may_have_been_sent_is_sent_once_where_once_was_promised(
    tmp_path_factory: pytest.TempPathFactory, fates: list[Kind], once: bool
) -> None:
    ledger, repeats_for = PushLedger(tmp_path_factory.mktemp("ledger")), 0.0 if once else math.inf
    arrived = 0
    for now, fate in enumerate(fates):
        ledger.take_up("crm", repeats_for, now)
        ledger.queue("crm", "b", {"k": {}}, "", now)
        if not ledger.waiting("crm", "b"):
            continue
        ledger.begin("crm", "b", ["k"], now)
        arrived += fate in ("done", "unsure", "crash")
        if fate != "crash":  # type: ignore[comparison-overlap]
            ledger.end("crm", "b", {"k": Verdict(fate)}, repeats_for, now)
    assert arrived <= 1 or not once
    assert ledger.states("crm", "b") or not fates
