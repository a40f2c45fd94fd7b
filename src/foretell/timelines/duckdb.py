"""The DuckDB engine: one bucket's files, filtered by what was known, sorted, handed over as a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.timelines.batch import Timelines, Value, local_microseconds, timelines

PARTS = """
select any_value(customer_id) as customer_id, customer_key, order_key, min(happened_at) as happened_at,
  max(known_at) as known_at, sum(amount)::bigint as amount, sum(sold)::bigint as sold,
  sum(lines)::bigint as lines, sum(units)::bigint as units
from read_parquet($files) where greatest(happened_at, known_at) < $before and customer_key <= $largest_key
group by customer_key, order_key, visible_day
order by customer_key, happened_at, order_key, known_at
"""
PARTS_OF_ONE_LOAD = """
select customer_id, customer_key, order_key, happened_at, known_at, amount, sold, lines, units
from read_parquet($files) where greatest(happened_at, known_at) < $before and customer_key <= $largest_key
"""
LINES_OF_ONE_LOAD = """
select customer_key, happened_at, known_at, product_key as product, category_key as category, units, amount
from read_parquet($files) where greatest(happened_at, known_at) < $before and customer_key <= $largest_key
"""
LINES = f"""{LINES_OF_ONE_LOAD}
order by customer_key, happened_at, order_key, product_key, category_key, amount, units, known_at
"""
EVERY_KEY = 2**64 - 1


@dataclass(frozen=True)
class Bucket:
    """One bucket of the customer log: its files of order parts and of order lines."""

    parts: tuple[Path, ...]
    lines: tuple[Path, ...]
    timezone: str
    value: Value
    memory_mb: int = 400

    def read(self, before: int, largest_key: int = EVERY_KEY) -> Timelines:
        """Whole customers with everything that was visible before `before`; customers with a key above
        `largest_key` are left out. A customer who never ordered is in it, with adjustments only."""
        moments = {"before": before, "largest_key": largest_key}
        parts = self._table(PARTS if len(self.parts) > 1 else PARTS_OF_ONE_LOAD, self.parts, moments)
        buying = (parts["sold"].to_numpy() > 0) | (parts["amount"].to_numpy() >= 0)
        parts = parts.append_column("buying", pa.array(buying))
        query = LINES if len(self.lines) > 1 else LINES_OF_ONE_LOAD
        return timelines(parts, lambda: self._table(query, self.lines, moments), self.timezone, self.value)

    def _table(self, query: str, files: tuple[Path, ...], moments: dict[str, int]) -> pa.Table:
        """The rows of a query; the files of one load are in the right order already."""
        bound = {"files": [str(path) for path in files], **moments}
        return _connection(self.memory_mb).sql(query, params=bound).to_arrow_table()


def last_seconds(buckets: Sequence[Bucket]) -> tuple[np.ndarray, np.ndarray]:
    """Local days (since 1970-01-01) on which orders became visible, ascending, and the last second of each."""
    files = [str(path) for bucket in buckets for path in bucket.parts]
    timezone = buckets[0].timezone
    query = (
        "select visible_day, max(greatest(happened_at, known_at)) as last from read_parquet($files)"
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
