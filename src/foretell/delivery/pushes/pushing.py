"""Pushing people to a tool: batches, patience, verdicts, and nobody lost.

Each attempt stands in the ledger before it is made. What the tool takes twice without harm is repeated until it is told
to be done; what it might do twice is repeated by nobody, and listed.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from foretell.delivery.pushes.contract import (
    BatchAnswer,
    Kind,
    Person,
    Target,
    Verdict,
    all_told,
    in_batches,
)
from foretell.delivery.pushes.ledger import Entry, PushLedger
from foretell.delivery.pushes.people import as_body, of_body
from foretell.project.progress import Progress
from foretell.storage.lock import alone_at_work

STRANGE = (AttributeError, KeyError, TypeError, ValueError)
"""What reading an answer ends in that keeps to no contract."""
UNTOLD = Verdict("unsure", "answered in a form that is not known")
ALONE_REFUSED = 10
"""So many refused one by one, and nobody taken: it is not about them."""


@dataclass(frozen=True)
class Patience:
    """How often one person is tried in a call, and how long is waited between: `first_seconds`, doubled after each
    failure in a row. A tool that asks for more than `longest_seconds` is left alone until the next call."""

    most_tries: int = 5
    first_seconds: float = 0.5
    longest_seconds: float = 120.0


USUAL_PATIENCE = Patience()


@dataclass(frozen=True)
class Push:
    """A declared push, opened: its name, its tool, its ledger. `file` is what it writes, empty for none."""

    name: str
    target: Target
    ledger: PushLedger
    repeats_for: float
    file: str = ""
    patience: Patience = USUAL_PATIENCE


@dataclass(frozen=True)
class PushAnswer:
    """What became of a batch: how many were `done` now, `already` before, wait, were refused, are unsure; `left` names
    those who are not done. `stopped` says why it ended early, empty where it did not."""

    push: str
    batch: str
    done: int
    already: int
    waiting: int
    refused: int
    unsure: int
    left: tuple[Entry, ...]
    stopped: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether everybody is done."""
        return not self.left


def push(way: Push, people: Sequence[Person], batch: str, progress: Progress) -> PushAnswer:
    """Send people in a batch. The same `batch` again sends nobody twice: it goes on with who waits or was refused.
    InputError where another push of this project is at work."""
    with alone_at_work(way.ledger.folder):
        before = _done(way, batch)
        way.ledger.take_up(way.name, way.repeats_for, _now())
        way.ledger.queue(way.name, batch, {one.key: as_body(one) for one in people}, way.file, _now())
        stopped = _whole(way, people, batch) if way.target.takes_all_at_once else _Sending(way, batch, progress).all()
        return _answer(way, batch, before, stopped)


def push_again(way: Push, progress: Progress) -> list[PushAnswer]:
    """Go on with everybody who waits or was refused, in every batch of this push; a file is written by `push` alone."""
    answers = []
    with alone_at_work(way.ledger.folder):
        for batch in [] if way.target.takes_all_at_once else way.ledger.again(way.name):
            before = _done(way, batch)
            way.ledger.take_up(way.name, way.repeats_for, _now())
            answers.append(_answer(way, batch, before, _Sending(way, batch, progress).all()))
    return answers


class _Sending:
    """One pass over who waits in a batch."""

    def __init__(self, way: Push, batch: str, progress: Progress) -> None:
        self.way, self.batch, self.progress = way, batch, progress
        self.tries: Counter[str] = Counter()
        self.failures = self.refused_alone = 0
        self.stopped = ""

    def all(self) -> str:
        """Send until nobody waits, everybody was tried often enough, or it is stopped; why it was stopped."""
        waiting = self._waiting()
        self.progress.step(f"Pushing to {self.way.name}", max(len(waiting), 1))
        while waiting and not self.stopped:
            calls = deque(in_batches(waiting, self.way.target))
            while calls and not self.stopped:
                self._call(calls.popleft(), calls)
            waiting = self._waiting()
        return self.stopped

    def _call(self, people: list[Person], calls: deque[list[Person]]) -> None:
        keys = [one.key for one in people]
        self.way.ledger.begin(self.way.name, self.batch, keys, _now())
        try:
            answer = self.way.target.send(people, f"{self.way.name} {self.batch}")
        except STRANGE:
            answer = BatchAnswer(all_told(people, UNTOLD))
        self.tries.update(keys)
        verdicts = {key: answer.verdicts.get(key, UNTOLD) for key in keys}
        is_split = answer.is_of_all and len(people) > 1
        if is_split:
            refused = [one for one in people if verdicts[one.key].kind == "refused"]
            verdicts |= all_told(refused, Verdict("again", "refused together with others"))
            self.tries.subtract(one.key for one in refused)
            half = -(-len(refused) // 2)
            calls.extendleft(part for part in (refused[half:], refused[:half]) if part)
        self.way.ledger.end(self.way.name, self.batch, verdicts, self.way.repeats_for, _now())
        kinds = Counter(verdict.kind for verdict in verdicts.values())
        self.progress.advance(kinds["done"] + kinds["refused"])
        self._think(answer, kinds, is_split)

    def _think(self, answer: BatchAnswer, kinds: Counter[Kind], is_split: bool) -> None:
        """Whether to go on, and when."""
        self.stopped = answer.stop
        is_failure = not is_split and not kinds["done"] and not kinds["refused"]
        self.failures = self.failures + 1 if is_failure else 0
        self.refused_alone = 0 if kinds["done"] else self.refused_alone + (answer.is_of_all and not is_split)
        if self.refused_alone >= ALONE_REFUSED:
            self.stopped = (
                f"every one of {ALONE_REFUSED} was refused: {next(iter(answer.verdicts.values()), UNTOLD).told}"
            )
        if self.failures >= self.way.patience.most_tries:
            self.stopped = self.stopped or next(iter(answer.verdicts.values()), UNTOLD).told
        first = self.way.patience.first_seconds * 2 ** (self.failures - 1) if self.failures else 0.0
        wait = max(answer.wait_seconds, min(first, self.way.patience.longest_seconds))
        if wait > self.way.patience.longest_seconds:
            self.stopped = self.stopped or f"it asks to be left alone for {wait:,.0f} seconds"
        elif wait and not self.stopped:
            time.sleep(wait)

    def _waiting(self) -> list[Person]:
        """Who is to be tried; whoever the tool cannot take is refused here, without a call."""
        most, people = self.way.patience.most_tries, list[Person]()
        cannot = dict[str, Verdict]()
        for key, body in self.way.ledger.waiting(self.way.name, self.batch):
            person = of_body(key, body)
            if why := unfit(self.way.target, person):
                cannot[key] = Verdict("refused", why)
            elif self.tries[key] < most:
                people.append(person)
        if cannot:
            self.way.ledger.end(self.way.name, self.batch, cannot, self.way.repeats_for, _now())
        return people


def _whole(way: Push, people: Sequence[Person], batch: str) -> str:
    """A file of everybody, whoever was in it before."""
    cannot = {one.key: Verdict("refused", why) for one in people if (why := unfit(way.target, one))}
    fit = [one for one in people if one.key not in cannot]
    way.ledger.begin(way.name, batch, [one.key for one in fit], _now())
    answer = way.target.send(fit, batch)
    way.ledger.end(way.name, batch, {**cannot, **answer.verdicts}, way.repeats_for, _now())
    return answer.stop


def unfit(target: Target, person: Person) -> str:
    """Why a person cannot be sent to a target at all; empty where they can."""
    why, limit = target.unfit(person), target.limits.bytes_of_one
    if not why and target.size(person) > limit:
        return f"too large: {target.size(person):,} bytes, more than {limit:,.0f}"
    return why


def _answer(way: Push, batch: str, before: int, stopped: str) -> PushAnswer:
    left = tuple(way.ledger.entries(way.name, batch))
    states = Counter(entry.state for entry in left)
    done, already = _done(way, batch), 0 if way.target.takes_all_at_once else before
    return PushAnswer(
        way.name, batch, done - already, already, states["waiting"], states["refused"], states["unsure"], left, stopped
    )


def _done(way: Push, batch: str) -> int:
    return sum(state == "done" for state in way.ledger.states(way.name, batch).values())


def _now() -> int:
    return time.time_ns() // 1_000
