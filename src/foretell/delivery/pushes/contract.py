"""What every target of a push is held to: people in batches go in, a verdict for each of them comes back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Value = str | float | int | bool | None
Kind = Literal["done", "refused", "again", "unsure"]
ALWAYS, NEVER = math.inf, 0.0
"""For how long a call whose fate is not known may be repeated: for ever, or not at all."""


@dataclass(frozen=True)
class Person:
    """Somebody to push: `key` is the id that the target knows them by, `fields` are values under the target's names
    (None is left as it stands there); `email` and `phone` are empty where there is none."""

    key: str
    fields: Mapping[str, Value]
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Limits:
    """What one call may hold: so many people, and bytes in all and for one of them."""

    people: int
    bytes: float = math.inf
    bytes_of_one: float = math.inf


NO_LIMITS = Limits(people=10**9)


@dataclass(frozen=True)
class Verdict:
    """What became of one person: `done`; `refused` for good; `again`, nothing was done and it may be tried again;
    `unsure`, it may have been done. `told` is one line without secrets and addresses."""

    kind: Kind
    told: str = ""


DONE = Verdict("done")


@dataclass(frozen=True)
class BatchAnswer:
    """A verdict for each person of a batch, by key. The next call waits for `wait_seconds`. `is_of_all` says that the
    batch was refused as one because of somebody in it. `stop` says why no other batch would fare better, such as a
    token that is not taken; verdicts are then `again`."""

    verdicts: Mapping[str, Verdict]
    wait_seconds: float = 0.0
    is_of_all: bool = False
    stop: str = ""


class Target(Protocol):
    """A tool that takes people. `repeats_for` are the seconds for which a call whose fate is unknown may be repeated
    without doing anything twice. A target that `takes_all_at_once` is a file, written anew by each batch."""

    @property
    def limits(self) -> Limits: ...

    @property
    def repeats_for(self) -> float: ...

    @property
    def takes_all_at_once(self) -> bool: ...

    def unfit(self, person: Person) -> str:
        """Why this person cannot be sent at all; empty where they can."""
        ...

    def size(self, person: Person) -> int:
        """Bytes of this person in a call."""
        ...

    def known(self, people: Sequence[Person]) -> Mapping[str, Mapping[str, Value]] | None:
        """The fields that those of the people have there now who are there, by key; None where the target cannot be
        read. Unreadable where there is no answer."""
        ...

    def send(self, people: Sequence[Person], batch: str) -> BatchAnswer:
        """Send them in one call; `batch` names it, and is the same when it is repeated. Raises nothing."""
        ...


class Unreadable(Exception):
    """The target did not say what it has; the text is one line without secrets."""


def all_told(people: Iterable[Person], verdict: Verdict) -> dict[str, Verdict]:
    """The same verdict for everybody."""
    return {person.key: verdict for person in people}


def in_batches(people: Sequence[Person], target: Target) -> Iterator[list[Person]]:
    """The people in their order, cut so that no call is over a limit of the target."""
    limits, batch, filled = target.limits, list[Person](), 0
    for person in people:
        size = target.size(person)
        if batch and (len(batch) >= limits.people or filled + size > limits.bytes):
            yield batch
            batch, filled = [], 0
        batch.append(person)
        filled += size
    if batch:
        yield batch


def parts_of(everything: Sequence[Person], at_most: int) -> Iterator[Sequence[Person]]:
    """Consecutive parts of at most so many."""
    return (everything[start : start + at_most] for start in range(0, len(everything), at_most))
