"""Pushing people to a tool: a look at what would change, then batches, patience, verdicts, and nobody lost.

Each attempt stands in the ledger before it is made. What the tool takes twice without harm is repeated until it is told
to be done; what it might do twice is repeated by nobody, and listed.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from foretell.delivery.pushes.contract import (
    BatchAnswer,
    Person,
    Target,
    Unreadable,
    Value,
    Verdict,
    all_told,
    in_batches,
)
from foretell.delivery.pushes.ledger import Entry, PushLedger
from foretell.delivery.pushes.people import as_body, of_body
from foretell.project.progress import Progress
from foretell.storage.lock import alone_at_work

ALONE_REFUSED = 10
"""So many refused one by one, and nobody taken: it is not about them."""


@dataclass(frozen=True)
class Patience:
    """How often one person is tried in a call, and how long is waited between: `first_seconds`, doubled after each
    failure in a row. A tool that asks for more than `longest_seconds` is left alone until the next call."""

    most_tries: int = 5
    first_seconds: float = 0.5
    longest_seconds: float = 120.0


@dataclass(frozen=True)
class Push:
    """A declared push, opened: its name, its tool, its ledger. `file` is what it writes, empty for none."""

    name: str
    target: Target
    ledger: PushLedger
    repeats_for: float
    file: str = ""
    patience: Patience = field(default_factory=Patience)


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


@dataclass(frozen=True)
class Change:
    """Somebody whose fields differ: name, what stands there, what would."""

    person: str
    fields: tuple[tuple[str, Value, Value], ...]


@dataclass(frozen=True)
class Preview:
    """What a push would do, by key. `removed` are in the file now, or were in the batch before, and would not be any
    more: a tool keeps them as they are, a file does not. `left_out` could not be sent, with why; `already` were sent in
    this batch. `unread` says why the tool could not be asked: everybody else counts as added then."""

    added: tuple[str, ...]
    changed: tuple[Change, ...]
    same: tuple[str, ...]
    removed: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    already: tuple[str, ...]
    unread: str = ""


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


def preview(way: Push, people: Sequence[Person], batch: str) -> Preview:
    """What `push` would do; nothing is sent or written."""
    whole, states = way.target.takes_all_at_once, way.ledger.states(way.name, batch)
    already = () if whole else tuple(one.key for one in people if states.get(one.key) in ("done", "unsure"))
    left_out = [(one.key, why) for one in people if (why := _unfit(way.target, one))]
    out = {*already, *(key for key, _ in left_out)}
    there = [one for one in people if one.key not in out]
    known, unread = None, "this tool cannot be asked what it has"
    try:
        known = way.target.known(there)
    except Unreadable as told:
        unread = str(told)
    added = [one.key for one in there if known is None or one.key not in known]
    differing = [
        Change(one.key, tuple((name, have.get(name), value) for name, value in one.fields.items() if _differs(have.get(name), value)))
        for one in there
        if known is not None and (have := known.get(one.key)) is not None
    ]
    keys = {one.key for one in people}
    before = list(known or {}) if whole else way.ledger.sent_before(way.name, batch)
    return Preview(
        tuple(added),
        tuple(one for one in differing if one.fields),
        tuple(one.person for one in differing if not one.fields),
        tuple(key for key in before if key not in keys),
        tuple(left_out),
        already,
        "" if known is not None else unread,
    )


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
        answer = self.way.target.send(people, f"{self.way.name} {self.batch}")
        self.tries.update(keys)
        verdicts, is_split = dict(answer.verdicts), answer.is_of_all and len(people) > 1
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

    def _think(self, answer: BatchAnswer, kinds: Counter[str], is_split: bool) -> None:
        """Whether to go on, and when."""
        self.stopped = answer.stop
        is_failure = not is_split and not kinds["done"] and not kinds["refused"]
        self.failures = self.failures + 1 if is_failure else 0
        self.refused_alone = 0 if kinds["done"] else self.refused_alone + (answer.is_of_all and not is_split)
        if self.refused_alone >= ALONE_REFUSED:
            self.stopped = f"every one of {ALONE_REFUSED} was refused: {next(iter(answer.verdicts.values())).told}"
        if self.failures >= self.way.patience.most_tries:
            self.stopped = self.stopped or next(iter(answer.verdicts.values())).told
        first = self.way.patience.first_seconds * 2 ** (self.failures - 1) if self.failures else 0.0
        wait = max(answer.wait_seconds, min(first, self.way.patience.longest_seconds))
        if wait > self.way.patience.longest_seconds:
            self.stopped = self.stopped or f"it asks to be left alone for {wait:,.0f} seconds"
        elif wait and not self.stopped:
            time.sleep(wait)

    def _waiting(self) -> list[Person]:
        """Who is to be tried; whoever the tool cannot take is refused here, without a call."""
        most, people = self.way.patience.most_tries, list[Person]()
        unfit = dict[str, Verdict]()
        for key, body in self.way.ledger.waiting(self.way.name, self.batch):
            person = of_body(key, body)
            if why := _unfit(self.way.target, person):
                unfit[key] = Verdict("refused", why)
            elif self.tries[key] < most:
                people.append(person)
        if unfit:
            self.way.ledger.end(self.way.name, self.batch, unfit, self.way.repeats_for, _now())
        return people


def _whole(way: Push, people: Sequence[Person], batch: str) -> str:
    """A file of everybody, whoever was in it before."""
    unfit = {one.key: Verdict("refused", why) for one in people if (why := _unfit(way.target, one))}
    fit = [one for one in people if one.key not in unfit]
    way.ledger.begin(way.name, batch, [one.key for one in fit], _now())
    answer = way.target.send(fit, batch)
    way.ledger.end(way.name, batch, {**unfit, **answer.verdicts}, way.repeats_for, _now())
    return answer.stop


def _unfit(target: Target, person: Person) -> str:
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


def _differs(have: Value, value: Value) -> bool:
    """Whether a value would change what stands there; tools give numbers back as texts, and none changes nothing."""
    if value is None:
        return False
    try:
        return float(have if have is not None else "") != float(value)
    except ValueError:
        return ("" if have is None else str(have)) != (str(value).lower() if isinstance(value, bool) else str(value))


def _now() -> int:
    return time.time_ns() // 1_000
