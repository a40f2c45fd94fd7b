"""DuckDB as an engine: the files of several loads of one bucket, filtered by what was known, merged and sorted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.local_time import local_microseconds

VISIBLE = """
from read_parquet($files)
where happened_at + greatest(known_after, 0) < $before and customer_key between $smallest_key and $largest_key"""
CUSTOMERS = """
select customer_key, any_value(customer_id) as customer_id
from read_parquet($files) where customer_key between $smallest_key and $largest_key
group by customer_key order by customer_key"""
ATTRIBUTES = {
    "country": "max(country) as country",
    "channel": "max(channel) as channel",
    "discount": "sum(discount)::bigint as discount",
}
PARTS = f"""
select customer_key, order_key, min(happened_at) as happened_at,
  max(happened_at + known_after) as known_at, sum(amount)::bigint as amount,
  sum(amount + taken_back)::bigint as sold, sum(lines)::bigint as lines, sum(units)::bigint as units
  {{attributes}}
{VISIBLE}
group by customer_key, order_key, visible_day
order by customer_key, happened_at, order_key, known_at
"""
LINES = f"""
select customer_key, happened_at, happened_at + known_after as known_at, product_key as product,
  category_key as category, units, amount
{VISIBLE}
order by customer_key, happened_at, order_key, product_key, category_key, amount, units, known_at
"""


@dataclass(frozen=True)
class Merged:
    """What was visible before `before` in the files of several loads, of customers with a key from the first to the
    second of `keys`; with the order `attributes` that all files have."""

    customer_files: Sequence[Path]
    part_files: Sequence[Path]
    line_files: Sequence[Path]
    before: int
    keys: tuple[int, int]
    memory_mb: int
    attributes: Sequence[str] = ()

    def customers(self) -> pa.Table:
        """The id of each customer key."""
        return self._table(CUSTOMERS, self.customer_files, {})

    def parts(self) -> pa.Table:
        """Parts of one order and day as one, in the order of customers and time."""
        attributes = "".join(f", {ATTRIBUTES[name]}" for name in self.attributes)
        return self._table(PARTS.format(attributes=attributes), self.part_files, {"before": self.before})

    def lines(self) -> pa.Table:
        """The order lines that name something; there must be a file of them."""
        return self._table(LINES, self.line_files, {"before": self.before})

    def _table(self, query: str, files: Sequence[Path], moments: dict[str, int]) -> pa.Table:
        smallest, largest = self.keys
        bound = {"files": [str(path) for path in files], "smallest_key": smallest, "largest_key": largest, **moments}
        return _connection(self.memory_mb).sql(query, params=bound).to_arrow_table()


def last_seconds(files: Sequence[Path], timezone: str, memory_mb: int) -> tuple[np.ndarray, np.ndarray]:
    """Local days (since 1970-01-01) on which orders became visible, ascending, and the last second of each."""
    query = (
        "select visible_day, max(happened_at + greatest(known_after, 0)) as last from read_parquet($files)"
        " group by visible_day order by visible_day"
    )
    found = _connection(memory_mb).sql(query, params={"files": [str(path) for path in files]}).to_arrow_table()
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
