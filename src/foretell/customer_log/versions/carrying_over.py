"""Carrying over: files are read in another way than before, and orders that they hold no longer stay as they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foretell.customer_log.load_files import LoadFiles
from foretell.customer_log.manifest import Load, StoredFile
from foretell.customer_log.schema import ORDER_ATTRIBUTES
from foretell.customer_log.store import Store
from foretell.customer_log.versions.contents import placed
from foretell.customer_log.versions.ends import ENDING
from foretell.customer_log.versions.holders import Covered
from foretell.customer_log.versions.ledger import GONE, ledger_of

LOST = "lost"
"""The setting of the manifest that counts orders that went, since they were read in another way."""
ONCE = ("rejected", "left_out")
"""The kinds of files that tell of rows: those of the files that are there are told anew."""


def carry_over(store: Store, stale: Sequence[Load], loads: Sequence[Load], covered: Sequence[Covered]) -> None:
    """Keep of `stale` loads, which were read in another way than `loads`, the orders of times that no file covers any
    more; all else of them goes."""
    carrying = _Carrying(store, {load.load for load in stale}, {load.load for load in loads}, covered)
    adopted = [replace(load, reading=loads[0].reading, stands=True) for load in stale]
    store.settle(adopted, {LOST: "0"}, carrying.write)


def leave_behind(store: Store, stale: Sequence[Load], loads: Sequence[Load], covered: Sequence[Covered]) -> None:
    """Let `stale` loads go whole: their customers, orders or money were told otherwise. How many of their orders are in
    no file any more is kept, to be said."""
    leaving = _Carrying(store, {load.load for load in stale}, {load.load for load in loads}, covered)
    lost = sum(len(leaving.carried(store.manifest.files(), bucket)) for bucket in range(store.buckets))
    store.retire([load.load for load in stale])
    store.manifest.settle([], [], [], {LOST: str(lost)})


@dataclass(frozen=True)
class _Carrying:
    store: Store
    stale: set[str]
    loads: set[str]
    covered: Sequence[Covered]

    def write(self, files: LoadFiles) -> None:
        """Write what is carried in the place of what was there."""
        kept = self.store.manifest.files()
        attributes = self._attributes(kept)
        for file in kept:
            if file.kind in ONCE and file.load in self.stale:
                files.drop(file)
        for bucket in range(self.store.buckets):
            own = [file for file in kept if file.bucket == bucket and file.load in self.stale]
            carried = self.carried(kept, bucket)
            pairs = carried["customer_key"].to_numpy(), carried["order_key"].to_numpy()
            for file in (one for one in own if one.kind == "ledger"):
                files.drop(file)
            files.write("ledger", bucket, carried)
            for file in (one for one in own if one.kind in ENDING):
                rows = pq.ParquetFile(self.store.root / file.path).read(use_threads=False)
                found = placed((rows["customer_key"].to_numpy(), rows["order_key"].to_numpy()), pairs) >= 0
                if found.any():
                    files.replace(file, _with_attributes(rows.filter(pa.array(found)), attributes))
                else:
                    files.drop(file)

    def carried(self, kept: Sequence[StoredFile], bucket: int) -> pa.Table:
        """The rows of the stale ledger that stay."""
        before, now = (
            ledger_of([self.store.root / one.path for one in kept if one.bucket == bucket and _is_ledger(one, loads)])
            for loads in (self.stale, self.loads)
        )
        pairs, among = ((one["customer_key"].to_numpy(), one["order_key"].to_numpy()) for one in (before, now))
        stays = (before["load"].to_numpy() != GONE) & (placed(pairs, among) < 0)
        happened = before["happened_at"].to_numpy()
        for one in self.covered:
            stays &= (happened < one.oldest_at) | (happened > one.newest_at)
        return before.filter(pa.array(stays))

    def _attributes(self, kept: Sequence[StoredFile]) -> list[str]:
        """The order attributes of what was read in the new way."""
        parts = [one for one in kept if one.kind == "orders" and one.load in self.loads]
        names = pq.read_schema(self.store.root / parts[0].path).names if parts else []
        return [name for name in ORDER_ATTRIBUTES.names if name in names]


def _is_ledger(file: StoredFile, loads: set[str]) -> bool:
    return file.kind == "ledger" and file.load in loads


def _with_attributes(rows: pa.Table, attributes: Sequence[str]) -> pa.Table:
    """Rows with these order attributes and no others; what was not read is not known (0)."""
    others = set(ORDER_ATTRIBUTES.names) - set(attributes)
    rows = rows.drop_columns([name for name in rows.column_names if name in others])
    for name in attributes:
        if name not in rows.column_names:
            rows = rows.append_column(name, pa.array(np.zeros(len(rows), dtype=np.int64)))
    return rows
