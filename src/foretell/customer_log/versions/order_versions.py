"""Order versions: of a load, what was not known before is kept; what it replaces ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
import pyarrow as pa

from foretell.customer_log.line_order import in_line_order
from foretell.customer_log.manifest import StoredFile
from foretell.customer_log.versions.contents import Contents, contents
from foretell.customer_log.versions.ends import ENDING, ends_of
from foretell.customer_log.versions.holders import Holders
from foretell.customer_log.versions.ledger import GONE, LEDGER, in_ledger_order, ledger_of, with_loads
from foretell.customer_log.versions.overlap import (
    mark_cancelled,
    mark_moved,
    numbers_that_meet,
    refuse_doubtful_overlap,
)
from foretell.customer_log.versions.verdicts import (
    ADDED,
    CHANGED,
    NEW,
    OLDER,
    SAME,
    Compared,
    are_versions,
    compared,
    verdicts,
)
from foretell.project.local_time import local_days

COUNTED = ("new", "changed", "seen_before", "twice", "differing", "divided", "meeting")


class Written(Protocol):
    """Where the files of a load go."""

    def write(self, kind: str, bucket: int, rows: pa.Table) -> None: ...

    def replace(self, file: StoredFile, rows: pa.Table) -> None: ...

    def drop(self, file: StoredFile) -> None: ...


@dataclass
class OrderVersions:
    """Takes in the orders of one load, bucket by bucket: first `look` at all, then `taken_in` of each, then `rest`.

    `kept` are the files of the log that count; `ledgers` those of the ledger by bucket, `path` gives the place of a
    file. `is_grown` says that only what lies beyond the file's old part is read.
    """

    holders: Holders
    kept: Sequence[StoredFile]
    files: Written
    path: Callable[[StoredFile], object]
    timezone: str
    is_grown: bool
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    _parts: dict[int, Compared] = field(default_factory=dict)
    _verdicts: dict[int, np.ndarray] = field(default_factory=dict)
    _moment: int = 0

    @property
    def knows_orders(self) -> bool:
        """Whether there is anything to compare with."""
        return bool(self.ledgers)

    @cached_property
    def ledgers(self) -> Mapping[int, list[StoredFile]]:
        """The files of the ledger of what was read in the same way, by bucket."""
        loads = {load.load for load in (*self.holders.own, *self.holders.others)}
        found: dict[int, list[StoredFile]] = {}
        for file in self.kept:
            if file.kind == "ledger" and file.load in loads:
                found.setdefault(file.bucket, []).append(file)
        return found

    def look(self, lines: Callable[[int], pa.Table | None], buckets: int, newest_at: int, no_sales: np.ndarray) -> None:
        """Compare all orders with what is known; InputError where it cannot be told what counts twice. `lines` gives
        the keyed lines of a bucket, `no_sales` are keys of orders of which the file says that they are none."""
        told = (load.newest_at for load in (*self.holders.own, *self.holders.others))
        self._moment = min(max(newest_at, *told, newest_at), self.holders.now)
        if not self.knows_orders:
            return
        ranks, own_rank = self.holders.ranks(newest_at)
        ledgers = self.ledgers
        for bucket in range(buckets):
            found = lines(bucket)
            known = ledger_of([self.path(file) for file in ledgers.get(bucket, ())])  # type: ignore[misc]
            if found is not None or len(known):
                orders = contents(found).without_lines() if found is not None else NOTHING
                self._parts[bucket] = compared(orders, known, self.holders, ranks)
        parts = list(self._parts.values())
        refuse_doubtful_overlap(parts, self.holders)
        if not self.is_grown:
            mark_moved(parts)
        self.counts["changed"] += mark_cancelled(parts, no_sales)
        versions = are_versions(parts)
        self.counts["meeting"] = numbers_that_meet(parts)
        for bucket, part in self._parts.items():
            self._verdicts[bucket] = verdicts(part, own_rank, self.is_grown, versions)
            self._count(part, self._verdicts[bucket])

    def taken_in(self, bucket: int, lines: pa.Table) -> pa.Table:
        """The lines of a bucket that are to be stored, in line order; those of a newer version are known from the
        moment of the load on."""
        if bucket not in self._parts:
            found = contents(lines)
            self.counts["new"] += len(found)
            self.files.write("ledger", bucket, self._told(found, np.ones(len(found), dtype=bool)))
            return lines
        verdict = self._verdicts[bucket]
        self._settle(bucket)
        of_line = verdict[contents(lines).order_of_line]
        stored = np.isin(of_line, (NEW, CHANGED, ADDED))
        if not (of_line == CHANGED).any():
            return lines if stored.all() else lines.filter(pa.array(stored))
        return in_line_order(
            _known_from(lines, of_line == CHANGED, self._moment, self.timezone).filter(pa.array(stored))
        )

    def rest(self) -> None:
        """Let end what went to customers of other buckets, where this load has no lines."""
        for bucket, part in self._parts.items():
            if not len(part.found) and part.left.any():
                self._settle(bucket)

    def _settle(self, bucket: int) -> None:
        """End what is replaced, and bring the ledger of the bucket up to date."""
        part, verdict = self._parts[bucket], self._verdicts[bucket]
        changed = (verdict == CHANGED) & (part.has_own | part.has_other)
        left = part.left
        customer = np.append(part.found.customer_key[changed], part.known["customer_key"].to_numpy()[left])
        order = np.append(part.found.order_key[changed], part.known["order_key"].to_numpy()[left])
        divided = np.append((part.has_own & part.has_other)[changed], np.zeros(int(left.sum()), dtype=bool))
        self._end(bucket, customer, order, divided)
        for file in self.ledgers.get(bucket, ()):
            self.files.drop(file)
        self.files.write("ledger", bucket, in_ledger_order(pa.concat_tables([*self._ledger(part, verdict)])))

    def _end(self, bucket: int, customer: np.ndarray, order: np.ndarray, own_only: np.ndarray) -> None:
        ends, own = ends_of(customer, order, own_only, self._moment), {load.load for load in self.holders.own}
        if not len(ends):
            return
        for file in self.kept:
            if file.bucket == bucket and file.kind in ENDING:
                rows = ends.rows(self.path(file), file.load in own)  # type: ignore[arg-type]
                if rows is not None:
                    self.files.replace(file, rows)

    def _ledger(self, part: Compared, verdict: np.ndarray) -> list[pa.Table]:
        """What stays of the ledger, and what this load told."""
        met = part.place >= 0
        of_known = np.full(len(part.known), OLDER, dtype=np.int8)
        of_known[met] = verdict[part.place[met]]
        both = np.zeros(len(part.known), dtype=bool)
        both[met] = (part.has_own & part.has_other)[part.place[met]]
        goes = (of_known == CHANGED) | ((of_known == SAME) & (part.own | ~both))
        goes[(of_known == CHANGED) & both & ~part.own] = False
        stays = part.known.filter(pa.array(~goes))
        load = np.where(part.left[~goes], GONE, stays["load"].to_numpy())
        return [with_loads(stays, load), self._told(part.found, np.isin(verdict, (NEW, SAME, CHANGED, ADDED)))]

    def _told(self, found: Contents, rows: np.ndarray) -> pa.Table:
        load = np.full(int(rows.sum()), self.holders.number, dtype=np.int32)
        columns = [found.customer_key, found.order_key, found.digest, found.happened_at]
        return pa.table([*(column[rows] for column in columns), load], schema=LEDGER)

    def _count(self, part: Compared, verdict: np.ndarray) -> None:
        self.counts["new"] += int((verdict == NEW).sum())
        self.counts["changed"] += int(np.isin(verdict, (CHANGED, ADDED)).sum())
        self.counts["seen_before"] += int(np.isin(verdict, (SAME, OLDER)).sum())
        self.counts["twice"] += int((part.shared & (verdict == SAME)).sum())
        self.counts["differing"] += int((part.shared & np.isin(verdict, (CHANGED, OLDER))).sum())
        self.counts["divided"] += int((part.shared & (verdict == ADDED)).sum())


NOTHING = Contents(*(np.zeros(0, dtype=kind) for kind in (np.uint64, np.int64, np.uint64, np.int64, np.int64)))


def _known_from(lines: pa.Table, rows: np.ndarray, moment: int, timezone: str) -> pa.Table:
    """The lines, of which some are known from a moment on at the earliest."""
    happened, after = lines["happened_at"].to_numpy(), lines["known_after"].to_numpy()
    after = np.where(rows, np.maximum(after, moment - happened), after)
    visible_day = local_days(happened + np.maximum(after, 0), timezone)
    lines = lines.set_column(lines.column_names.index("known_after"), "known_after", pa.array(after))
    at = lines.column_names.index("visible_day")
    return lines.set_column(at, "visible_day", pa.array(visible_day.astype(np.int32), pa.int32()))
