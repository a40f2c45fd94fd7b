"""Verdicts: what an incoming file says of each of its orders that was not known before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from foretell.customer_log.keyed_lines import are_days
from foretell.customer_log.versions.contents import Contents, placed
from foretell.customer_log.versions.holders import Holders
from foretell.customer_log.versions.ledger import GONE

NEW, SAME, CHANGED, ADDED, OLDER = range(5)
"""Never told before; told before with the same content; a newer version; more lines of an order that other lines were
told of; an older version than is known."""
SHARE_OF_VERSIONS = 0.5


@dataclass
class Compared:
    """The orders of one bucket of an incoming file beside the `known` ones: which of the known rows stand at which
    incoming order (`place`, -1 for none), and which of these come from the file's own earlier states. Of each incoming
    order: whether it is known from its own file, from another, or as withdrawn, and what was known; the greatest rank
    among the other files; and whether its customer was another before (`moved`)."""

    found: Contents
    known: pa.Table
    place: np.ndarray
    own: np.ndarray
    has_own: np.ndarray
    has_other: np.ndarray
    was_gone: np.ndarray
    own_digest: np.ndarray
    other_digest: np.ndarray
    other_rank: np.ndarray
    moved: np.ndarray
    left: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @property
    def is_numbered(self) -> np.ndarray:
        """bool: which orders have a number of their own; others are a customer's day."""
        return ~are_days(self.found.order_key)

    @property
    def shared(self) -> np.ndarray:
        """bool: which orders another file holds, and this one did not hold before."""
        return self.has_other & ~self.has_own

    @property
    def equal(self) -> np.ndarray:
        """bool: which of the shared orders have the same content there."""
        return np.asarray(self.shared & (self.found.digest == self.other_digest))


def compared(found: Contents, known: pa.Table, holders: Holders, ranks: np.ndarray) -> Compared:
    """The orders of a bucket beside its ledger."""
    load, digest = known["load"].to_numpy(), known["digest"].to_numpy()
    pairs = known["customer_key"].to_numpy(), known["order_key"].to_numpy()
    place = placed(pairs, (found.customer_key, found.order_key))
    own, met, count = holders.is_own(load), place >= 0, len(found)

    def marked(rows: np.ndarray) -> np.ndarray:
        return np.bincount(place[rows], minlength=count) > 0

    def added(rows: np.ndarray) -> np.ndarray:
        total = np.zeros(count, dtype=np.uint64)
        np.add.at(total, place[rows], digest[rows])
        return total

    rank = np.full(count, -1, dtype=np.int64)
    is_own, is_other, gone = met & own & (load != GONE), met & ~own & (load != GONE), met & (load == GONE)
    np.maximum.at(rank, place[is_other], ranks[load[is_other]])
    return Compared(
        found,
        known,
        place,
        own,
        marked(is_own),
        marked(is_other),
        marked(gone),
        added(is_own),
        added(is_other),
        rank,
        np.zeros(count, dtype=bool),
        np.zeros(len(known), dtype=bool),
    )


def are_versions(parts: Sequence[Compared]) -> bool:
    """Whether the orders that two files hold are versions of each other: most are the same in both. Where few are, the
    lines of orders were divided over files."""
    shared = sum(int((one.shared & one.is_numbered).sum()) for one in parts)
    equal = sum(int((one.equal & one.is_numbered).sum()) for one in parts)
    return shared > 0 and equal >= SHARE_OF_VERSIONS * shared


def verdicts(one: Compared, own_rank: int, is_grown: bool, versions: bool) -> np.ndarray:
    """int8 [orders] of a bucket. `is_grown` says that only what lies beyond the file's old part was read."""
    found = np.full(len(one.found), NEW, dtype=np.int8)
    found[one.was_gone | one.moved] = CHANGED
    same = one.found.digest == one.own_digest
    found[one.has_own] = ADDED if is_grown else np.where(same, SAME, CHANGED)[one.has_own]
    numbered, by_day = one.shared & one.is_numbered, one.shared & ~one.is_numbered
    found[by_day] = np.where(one.equal, SAME, ADDED)[by_day]
    newer = np.where(one.equal, SAME, np.where(one.other_rank > own_rank, OLDER, CHANGED))
    found[numbered] = newer[numbered] if versions else ADDED
    return found
