"""Holders: which loads told of an order before, as seen from a file that comes in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from foretell.customer_log.manifest import Load


@dataclass(frozen=True)
class Holders:
    """What an incoming file is compared with. `number` will be that of its load. `own` are the loads of the same file,
    and of files that are there no more: the incoming one is their newest state. `others` are the loads of the other
    files that are there. `now` is the clock (microseconds UTC). `whole_orders`: where the load goes on from an earlier
    one, what comes of an order is all of it, and nothing that is added to it."""

    number: int
    name: str
    own: tuple[Load, ...]
    others: tuple[Load, ...]
    now: int
    whole_orders: bool = False

    @classmethod
    def of(cls, load: Load, before: Sequence[Load], present: Collection[str], now: int) -> Holders:
        """Seen from a load, among the loads `before` it that were read in the same way; `present` are the sources
        whose files are there."""
        own = tuple(one for one in before if one.source == load.source or one.source not in present)
        others = tuple(one for one in before if one not in own)
        return cls(load.number, Path(load.source).name, own, others, now)

    def is_own(self, numbers: np.ndarray) -> np.ndarray:
        """bool: which numbers of loads are own ones; one below 0 stands for what the exports hold no longer."""
        return np.asarray((numbers < 0) | np.isin(numbers, [load.number for load in self.own]))

    def ranks(self, newest_at: int) -> tuple[np.ndarray, int]:
        """The rank of each load by its number, and that of the incoming one: by the newest time in the file, then by
        its name; a newer file has the greater rank."""
        told = {load.number: (load.newest_at, Path(load.source).name) for load in (*self.own, *self.others)}
        told[self.number] = (newest_at, self.name)
        ranks = np.zeros(self.number + 1, dtype=np.int64)
        for rank, number in enumerate(sorted(told, key=lambda one: (*told[one], one))):
            ranks[number] = rank
        return ranks, int(ranks[self.number])


def newest_of_each(loads: Sequence[Load]) -> dict[str, Load]:
    """The newest load of each source."""
    return {load.source: load for load in sorted(loads, key=lambda one: one.number)}


def ends_of_growth(loads: Sequence[Load], source: str, present: Collection[str]) -> list[Load]:
    """The newest loads of a source, and of sources that are there no more: what a grown file may have grown from."""
    followed = {load.follows for load in loads}
    found = newest_of_each(loads).items()
    return [
        load
        for name, load in found
        if (name == source or name not in present) and load.number not in followed and load.stands
    ]


def chain(load: Load, loads: Sequence[Load]) -> list[Load]:
    """A load, and those before it that it went on from: together they are the file as it was read."""
    by_number, found = {one.number: one for one in loads}, [load]
    while found[-1].follows in by_number:
        found.append(by_number[found[-1].follows])
    return found


@dataclass(frozen=True)
class Covered:
    """The time that a file covers, and the numbers of its loads; the newest of them is `number`."""

    oldest_at: int
    newest_at: int
    number: int
    loads: tuple[int, ...]

    @classmethod
    def by(cls, newest: Load, loads: Sequence[Load]) -> Covered:
        parts = chain(newest, loads)
        oldest, last = min(one.oldest_at for one in parts), max(one.newest_at for one in parts)
        return cls(oldest, last, newest.number, tuple(one.number for one in parts))
