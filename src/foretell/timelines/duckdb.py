"""The DuckDB engine: one bucket's files, filtered by what was known, sorted, handed over as a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from foretell.customer_log.store import Store
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.local_time import local_microseconds
from foretell.timelines.batch import Timelines, Value, timelines

VISIBLE = """
from read_parquet($files)
where happened_at + greatest(known_after, 0) < $before and customer_key <= $largest_key"""
CUSTOMERS = """
select customer_key, any_value(customer_id) as customer_id
from read_parquet($files) where customer_key <= $largest_key group by customer_key order by customer_key"""
CUSTOMERS_OF_ONE_LOAD = "select customer_key, customer_id from read_parquet($files) where customer_key <= $largest_key"
PARTS = f"""
select customer_key, order_key, min(happened_at) as happened_at,
  max(happened_at + known_after) as known_at, sum(amount)::bigint as amount,
  sum(amount + taken_back)::bigint as sold, sum(lines)::bigint as lines, sum(units)::bigint as units
{VISIBLE}
group by customer_key, order_key, visible_day
order by customer_key, happened_at, order_key, known_at
"""
PARTS_OF_ONE_LOAD = f"""
select customer_key, order_key, happened_at, happened_at + known_after as known_at, amount,
  amount + taken_back as sold, lines, units
{VISIBLE}
"""
LINES_OF_ONE_LOAD = f"""
select customer_key, happened_at, happened_at + known_after as known_at, product_key as product,
  category_key as category, units, amount
{VISIBLE}
"""
LINES = f"""{LINES_OF_ONE_LOAD}
order by customer_key, happened_at, order_key, product_key, category_key, amount, units, known_at
"""
NO_LINES = pa.schema(
    [
        ("customer_key", pa.uint64()),
        *((name, pa.int64()) for name in ("happened_at", "known_at", "product", "category", "units", "amount")),
    ]
).empty_table()
EVERY_KEY = 2**64 - 1


@dataclass(frozen=True)
class Bucket:
    """One bucket of the customer log: its files of customer ids, of order parts, and of the order
    lines that name what was bought."""

    customers: tuple[Path, ...]
    parts: tuple[Path, ...]
    lines: tuple[Path, ...]
    timezone: str
    value: Value
    memory_mb: int = 400

    def read(self, before: int, largest_key: int = EVERY_KEY) -> Timelines:
        """Whole customers with everything that was visible before `before`; customers with a key above
        `largest_key` are left out. A customer who never ordered is in it, with adjustments only."""
        keys = {"largest_key": largest_key}
        moments = {"before": before, **keys}
        parts = self._table(PARTS if len(self.parts) > 1 else PARTS_OF_ONE_LOAD, self.parts, moments)
        customers = self._table(CUSTOMERS if len(self.customers) > 1 else CUSTOMERS_OF_ONE_LOAD, self.customers, keys)
        buying = (parts["sold"].to_numpy() > 0) | (parts["amount"].to_numpy() >= 0)
        parts = parts.append_column("buying", pa.array(buying))
        query = LINES if len(self.lines) > 1 else LINES_OF_ONE_LOAD

        def lines() -> pa.Table:
            return self._table(query, self.lines, moments) if self.lines else NO_LINES

        return timelines(customers, parts, lines, self.timezone, self.value)

    def _table(self, query: str, files: tuple[Path, ...], moments: dict[str, int]) -> pa.Table:
        """The rows of a query; the files of one load are in the right order already."""
        bound = {"files": [str(path) for path in files], **moments}
        return _connection(self.memory_mb).sql(query, params=bound).to_arrow_table()


def buckets_of(store: Store, value: Value) -> list[Bucket]:
    """The buckets of a store that hold an order."""
    return [
        Bucket(
            tuple(store.files("customers", number)),
            parts,
            tuple(store.files("order_lines", number)),
            store.timezone,
            value,
        )
        for number in range(store.buckets)
        if (parts := tuple(store.files("orders", number)))
    ]


def last_seconds(buckets: Sequence[Bucket]) -> tuple[np.ndarray, np.ndarray]:
    """Local days (since 1970-01-01) on which orders became visible, ascending, and the last second of each."""
    files = [str(path) for bucket in buckets for path in bucket.parts]
    timezone = buckets[0].timezone
    query = (
        "select visible_day, max(happened_at + greatest(known_after, 0)) as last from read_parquet($files)"
        " group by visible_day order by visible_day"
    )
    found = _connection(buckets[0].memory_mb).sql(query, params={"files": files}).to_arrow_table()
    local = local_microseconds(found["last"].to_numpy(), timezone)
    return found["visible_day"].to_numpy(), local % MICROSECONDS_PER_DAY // 1_000_000


@cache
def _connection(memory_mb: int) -> duckdb.DuckDBPyConnection:
    """This process's connection, on one thread: to open one takes longer than to read a bucket."""
    connection = duckdb.connect(":memory:")
    connection.execute("set threads = 1")
    connection.execute(f"set memory_limit = '{memory_mb}MB'")
    connection.execute("set autoinstall_known_extensions = false")
    return connection
