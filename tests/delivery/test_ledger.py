"""The ledger: once to each channel, whatever happens in between."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from foretell.delivery.ledger import LEASE_SECONDS, WAITS_SECONDS, Attempt, Ledger, Outcome
from foretell.project.errors import InputError

SECOND = 1_000_000
CHANNELS = ("webhook:crm", "email:team")
TAKEN, REFUSED, GONE = Outcome(True, "answered 200"), Outcome(False, "answered 500"), Outcome(False, "gone", True)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "deliveries.sqlite")


def begun(ledger: Ledger, now: int) -> Attempt:
    attempt = ledger.begin(now, CHANNELS)
    assert attempt is not None
    return attempt


def test_a_message_goes_to_a_channel_once(ledger: Ledger) -> None:
    assert ledger.queue("a", "webhook:crm", "{}", 0)
    assert not ledger.queue("a", "webhook:crm", "another body", 5)
    assert ledger.queue("a", "email:team", "{}", 1)
    first, second = begun(ledger, 10), begun(ledger, 10)
    assert {(one.message_id, one.channel, one.body) for one in (first, second)} == {
        ("a", "webhook:crm", "{}"),
        ("a", "email:team", "{}"),
    }
    for attempt in (first, second):
        ledger.end(attempt, TAKEN, 20)
    assert ledger.begin(10**15, CHANNELS) is None
    assert not ledger.queue("a", "webhook:crm", "{}", 10**15)
    assert ledger.begin(10**15, CHANNELS) is None


def test_waits_grow_until_it_is_given_up(ledger: Ledger) -> None:
    ledger.queue("a", "webhook:crm", "{}", 0)
    now, waits = 0, []
    while (attempt := ledger.begin(now, CHANNELS)) is not None:
        ledger.end(attempt, REFUSED, now)
        entry = ledger.entries()[0]
        if entry.next_try_at is not None:
            assert ledger.begin(entry.next_try_at - 1, CHANNELS) is None
            waits.append((entry.next_try_at - now) // SECOND)
            now = entry.next_try_at
    assert tuple(waits) == WAITS_SECONDS
    assert waits == sorted(waits)
    assert (ledger.entries()[0].outcome, ledger.entries()[0].attempts) == ("given up", len(WAITS_SECONDS) + 1)


def test_what_is_final_is_not_tried_again(ledger: Ledger) -> None:
    ledger.queue("a", "webhook:crm", "{}", 0)
    ledger.end(begun(ledger, 0), GONE, 0)
    assert ledger.begin(10**15, CHANNELS) is None
    assert ledger.entries()[0].outcome == "given up"


def test_a_crash_between_sending_and_writing_it_down_leads_to_one_repeat(tmp_path: Path) -> None:
    ledger, lease = Ledger(tmp_path / "d.sqlite"), LEASE_SECONDS * SECOND
    ledger.queue("a", "webhook:crm", "{}", 0)
    first = begun(ledger, 0)
    again = Ledger(tmp_path / "d.sqlite")
    assert again.begin(lease - 1, CHANNELS) is None
    second = begun(again, lease)
    assert (second.message_id, second.body, second.number) == (first.message_id, first.body, 2)
    third = Ledger(tmp_path / "d.sqlite")
    assert third.begin(2 * lease, CHANNELS) is None
    assert third.entries()[0].outcome == "unclear"


def test_only_the_channels_that_are_asked_for(ledger: Ledger) -> None:
    ledger.queue("a", "email:team", "{}", 0)
    ledger.queue("b", "webhook:crm", "{}", 1)
    attempt = ledger.begin(5, {"webhook:crm"})
    assert attempt is not None
    assert attempt.message_id == "b"
    assert ledger.begin(5, CHANNELS, "nothing of that id") is None


def test_a_file_that_is_no_ledger_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "d.sqlite").write_text("no database" * 100)
    with pytest.raises(InputError, match="ledger"):
        Ledger(tmp_path / "d.sqlite").queue("a", "webhook:crm", "{}", 0)


class Sending(RuleBasedStateMachine):
    """Senders that are slow, fail and crash, against a receiver that counts what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.ledger, self.now = Ledger(self.folder / "d.sqlite"), 0
        self.arrived: dict[tuple[str, str], int] = {}
        self.crashed: dict[tuple[str, str], int] = {}

    @rule(message=st.sampled_from("abc"), channel=st.sampled_from(CHANNELS))
    def queue(self, message: str, channel: str) -> None:
        self.ledger.queue(message, channel, "{}", self.now)

    @rule(seconds=st.sampled_from([1, 60, 700, 100_000]))
    def wait(self, seconds: int) -> None:
        self.now += seconds * SECOND

    @rule(fate=st.sampled_from(["taken", "taken", "refused", "crash"]))
    def send(self, fate: str) -> None:
        attempt = self.ledger.begin(self.now, CHANNELS)
        if attempt is None:
            return
        key = (attempt.message_id, attempt.channel)
        if fate != "refused":
            self.arrived[key] = self.arrived.get(key, 0) + 1
        if fate == "crash":
            self.crashed[key] = self.crashed.get(key, 0) + 1
            self.ledger = Ledger(self.folder / "d.sqlite")
        else:
            self.ledger.end(attempt, TAKEN if fate == "taken" else REFUSED, self.now)

    @invariant()
    def nothing_arrives_more_often_than_it_may(self) -> None:
        assert all(count <= 1 + min(self.crashed.get(key, 0), 1) for key, count in self.arrived.items())

    def teardown(self) -> None:
        shutil.rmtree(self.folder)


Sending.TestCase.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
TestSending = Sending.TestCase


def test_what_is_due_is_what_would_be_begun_and_looking_writes_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "deliveries.sqlite")
    assert (ledger.due(0), ledger.known()) == ([], set())
    assert not ledger.path.exists()
    for number, channel in enumerate(("webhook:a", "email:b", "webhook:a")):
        ledger.queue(f"m{number}", channel, "{}", number)
    assert ledger.known() == {("m0", "webhook:a"), ("m1", "email:b"), ("m2", "webhook:a")}
    now = 5
    for failed in (True, False, True):
        due = ledger.due(now)
        attempt = ledger.begin(now, {"webhook:a", "email:b"})
        assert attempt is not None
        assert (attempt.message_id, attempt.channel, attempt.number - 1) == due[0]
        assert ledger.due(now) == due[1:]
        if failed:
            ledger.end(attempt, Outcome(False, "no"), now)
    assert ledger.due(now) == []
    later = now + LEASE_SECONDS * SECOND
    assert [tries for _, _, tries in ledger.due(later)] == [1, 1, 1]
