"""One bucket of the customer log as a batch: files of one load as they stand, those of several merged by DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.customer_log.line_order import in_fact_order
from foretell.customer_log.schema import NEVER
from foretell.customer_log.store import Store
from foretell.customer_log.tables.consents import CONSENTS
from foretell.customer_log.tables.fact_table import ID
from foretell.customer_log.tables.overlap import Files, counted_once, files_of, share_time
from foretell.customer_log.tables.registry import FACT_TABLES, FactTable
from foretell.timelines.batch import Timelines, Value, timelines
from foretell.timelines.derived import attributes_among, words_of
from foretell.timelines.endings import Ended, with_endings

EVERY_KEY = 2**64 - 1
CUSTOMERS = ("customer_key", "customer_id")
PARTS = ("customer_key", "order_key", "happened_at", "known_after", "amount", "taken_back", "lines", "units")
LINES = ("customer_key", "happened_at", "known_after", "product_key", "category_key", "units", "amount")

NO_LINES = pa.schema(
    [
        ("customer_key", pa.uint64()),
        *((name, pa.int64()) for name in ("happened_at", "known_at", "product", "category", "units", "amount")),
    ]
).empty_table()


@dataclass(frozen=True)
class Bucket:
    """One bucket of the customer log: its files of customer ids, of order parts, and of the order lines that name
    what was bought, one of each kind a load; the files of the texts behind codes, which are those of the whole log; and
    those of each declared table; and the names of campaigns that our own ledger drew."""

    customers: tuple[Path, ...]
    parts: tuple[Path, ...]
    lines: tuple[Path, ...]
    timezone: str
    value: Value
    memory_mb: int = 400
    words: tuple[Path, ...] = ()
    tables: Mapping[str, Files] = field(default_factory=dict)
    joined: tuple[Path, ...] = ()
    own_campaigns: tuple[str, ...] = ()

    def read(self, before: int, largest_key: int = EVERY_KEY, smallest_key: int = 0) -> Timelines:
        """Whole customers with everything that was visible before `before`; customers with a key above
        `largest_key` or below `smallest_key` are left out. A customer who never ordered is in it, with adjustments
        only."""
        keys = (smallest_key, largest_key)
        if len(self.parts) > 1 or "gone_at" in pq.read_schema(self.parts[0]).names:
            found = self._merged(before, keys)
        else:
            found = self._alone(before, keys)
        found = replace(found, read_table=partial(self._table, before, keys), table_names=tuple(self.tables))
        found = replace(found, own_campaigns=self.own_campaigns)
        return replace(found, joined=self._joined(before)) if self.joined else found

    def _table(self, before: int, keys: tuple[int, int], table: FactTable) -> pa.Table:
        """The facts of a table that were visible, of all loads together, with `known_at` in place of `known_after`; of
        consents all, those of later as if they came just before the moment."""
        files = self.tables.get(table.name, ())
        paths = [path for source in files for of_file in source for path in of_file]
        ending = ["gone_at"] if any("gone_at" in pq.read_schema(path).names for path in paths) else []
        names = [*(name for name in table.stored.names if name != ID), *ending]

        def facts(source: Sequence[Sequence[Path]]) -> pa.Table:
            asked = [*names, ID] if len(source) > 1 and ID in table.stored.names else names
            parts = [pa.concat_tables([_with_ends(_read(path, asked, keys), ending) for path in one]) for one in source]
            once = len(parts) > 1 and share_time(parts)
            found = counted_once(parts, table.told_by).facts if once else pa.concat_tables(parts)
            return found.select(names)

        empty = _with_ends(table.stored.empty_table(), ending).select(names)
        found = pa.concat_tables([empty, *map(facts, files)])
        found = in_fact_order(found)[0] if len(paths) > 1 else found
        return _visible(_as_said_by_now(found, before) if table is CONSENTS else found, before)

    def _joined(self, before: int) -> np.ndarray:
        """uint64: the keys of those whose facts were another's, as far as that was known before a moment."""
        spans = pa.concat_tables([pq.ParquetFile(path).read(use_threads=False) for path in self.joined])
        begins, ends = spans["begins"].to_numpy(), spans["ends"].to_numpy()
        return np.unique(spans["customer_key"].to_numpy()[(begins < before) & (ends >= before)])

    def _alone(self, before: int, keys: tuple[int, int]) -> Timelines:
        def lines() -> pa.Table:
            if not self.lines:
                return NO_LINES
            found = _visible(_read(self.lines[0], LINES, keys), before)
            return found.rename_columns({"product_key": "product", "category_key": "category"})

        parts = _visible(_read(self.parts[0], (*PARTS, *self._attributes()), keys), before)
        sold = parts["amount"].to_numpy() + parts["taken_back"].to_numpy()
        parts = parts.drop_columns("taken_back").append_column("sold", pa.array(sold))
        customers = _read(self.customers[0], CUSTOMERS, keys)
        return timelines(customers, parts, lines, self.timezone, self.value, self._words)

    def _merged(self, before: int, keys: tuple[int, int]) -> Timelines:
        from foretell.timelines.duckdb import Merged  # noqa: PLC0415 (DuckDB loads pandas where there is one)

        attributes = self._attributes()
        merged = Merged(self.customers, self.parts, self.lines, before, keys, self.memory_mb, attributes)
        customers = merged.customers()

        def read(ended: Ended = None, among: Sequence[int] | None = None) -> Timelines:
            then = replace(merged, ended=ended, among=among)
            lines = then.lines if self.lines else NO_LINES
            return timelines(customers, then.parts(), lines, self.timezone, self.value, self._words)

        return with_endings(read, merged.ends(), customers)

    def ids_of(self, keys: Sequence[int]) -> dict[int, str]:
        """The ids of those customers that are in this bucket, by key."""
        wanted, found = pa.array(keys, pa.uint64()), dict[int, str]()
        for path in self.customers:
            rows = pq.ParquetFile(path).read(columns=list(CUSTOMERS), use_threads=False)
            own = rows.filter(pc.is_in(rows["customer_key"], wanted))
            found |= dict(zip(own["customer_key"].to_pylist(), own["customer_id"].to_pylist(), strict=True))
        return found

    def _attributes(self) -> tuple[str, ...]:
        """The order attributes that every file of parts has: loads that were read in one way have the same."""
        shared = set.intersection(*(set(pq.read_schema(path).names) for path in self.parts))
        return tuple(attributes_among(tuple(shared)))

    def _words(self) -> dict[int, str]:
        return words_of([pq.ParquetFile(path).read(use_threads=False) for path in self.words])


def buckets_of(store: Store, value: Value) -> list[Bucket]:
    """The buckets of a store that hold an order."""
    words = tuple(store.words())
    found = (_bucket(store, value, number, words) for number in range(store.buckets))
    return [bucket for bucket in found if bucket.parts]


def bucket_with(key: int, store: Store, value: Value) -> Bucket:
    """The bucket in which the facts of a customer's key stand."""
    return _bucket(store, value, key % store.buckets, tuple(store.words()))


def _bucket(store: Store, value: Value, number: int, words: tuple[Path, ...]) -> Bucket:
    customers, parts, lines = (tuple(store.files(kind, number)) for kind in ("customers", "orders", "order_lines"))
    tables = {name: files for name in FACT_TABLES if (files := files_of(store, name, number))}
    joined = tuple(store.files("joined", number))
    return Bucket(customers, parts, lines, store.timezone, value, words=words, tables=tables, joined=joined)


def last_seconds(buckets: Sequence[Bucket]) -> tuple[np.ndarray, np.ndarray]:
    """Local days (since 1970-01-01) on which orders became visible, ascending, and the last second of each."""
    from foretell.timelines import duckdb  # noqa: PLC0415 (DuckDB loads pandas where there is one)

    files = [path for bucket in buckets for path in bucket.parts]
    return duckdb.last_seconds(files, buckets[0].timezone, buckets[0].memory_mb)


def _read(path: Path, columns: Sequence[str], keys: tuple[int, int]) -> pa.Table:
    """The rows from a smallest to a largest customer key; row groups without them are not read."""
    smallest, largest = keys
    if keys != (0, EVERY_KEY):
        filters = [("customer_key", "<=", pa.scalar(largest, pa.uint64()))]
        filters += [("customer_key", ">=", pa.scalar(smallest, pa.uint64()))] if smallest else []
        return pq.read_table(path, columns=list(columns), filters=filters, use_threads=False, partitioning=None)
    return pq.ParquetFile(path).read(columns=list(columns), use_threads=False)


def _with_ends(rows: pa.Table, ending: Sequence[str]) -> pa.Table:
    """The rows with the moments of their ends, where some rows of the table end."""
    if not ending or "gone_at" in rows.column_names:
        return rows
    return rows.append_column("gone_at", pa.array(np.full(len(rows), NEVER)))


def _as_said_by_now(rows: pa.Table, before: int) -> pa.Table:
    """The rows, with those of later as known just before a moment, in the order in which they came: nobody is scored
    who objects by now, though the orders end earlier."""
    happened, after = rows["happened_at"].to_numpy(), rows["known_after"].to_numpy()
    seen = happened + np.maximum(after, 0)
    later, rank = np.unique(happened[happened >= before], return_inverse=True)
    then = happened.copy()
    then[happened >= before] = before - len(later) + rank
    known = np.where(seen >= before, before - 1 - then, after)
    for name, values in (("happened_at", then), ("known_after", known)):
        rows = rows.set_column(rows.column_names.index(name), rows.schema.field(name), pa.array(values))
    return rows


def _visible(rows: pa.Table, before: int) -> pa.Table:
    """The rows that happened and became known before a moment, with `known_at` in place of `known_after`."""
    happened, after = rows["happened_at"].to_numpy(), rows["known_after"].to_numpy()
    known_at = happened + after
    rows = rows.drop_columns("known_after").append_column("known_at", pa.array(known_at))
    visible = np.maximum(happened, known_at) < before
    return rows if visible.all() else rows.filter(pa.array(visible))
