"""DuckDB as an engine: the files of several loads of one bucket, filtered by what was known, merged and sorted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.local_time import local_microseconds
from foretell.timelines.endings import Ended

VISIBLE = """
from read_parquet($files, union_by_name = true) {own}
where happened_at + greatest(known_after, 0) < $before and customer_key between $smallest_key and $largest_key"""
AMONG = " and customer_key in (select unnest($among::ubigint[]))"
NOT_ENDED = " and (gone_at is null or gone_at >= $ended)"
NOT_ENDED_OWN = " and (gone_at is null or gone_at >= coalesce(moment, $ended))"
OWN_MOMENTS = "left join own_moments using (customer_key)"
ENDED = f"""
select distinct customer_key, gone_at {VISIBLE.format(own="")} and gone_at < $before order by customer_key, gone_at"""
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
{VISIBLE} {{not_ended}}
group by customer_key, order_key, visible_day
order by customer_key, happened_at, order_key, known_at
"""
LINES = f"""
select customer_key, happened_at, happened_at + known_after as known_at, product_key as product,
  category_key as category, units, amount
{VISIBLE} {{not_ended}}
order by customer_key, happened_at, order_key, product_key, category_key, amount, units, known_at
"""
LASTING = "where gone_at is null or gone_at >= (select max(happened_at + greatest(known_after, 0)) from found)"
LAST_SECONDS = """
with found as (from read_parquet($files, union_by_name = true))
select visible_day, max(happened_at + greatest(known_after, 0)) as last from found
{not_ended}
group by visible_day order by visible_day"""
NO_ENDS = pa.schema([("customer_key", pa.uint64()), ("gone_at", pa.int64())]).empty_table()


@dataclass(frozen=True)
class Merged:
    """What was visible before `before` in the files of several loads, of customers with a key from the first to the
    second of `keys`; with the order `attributes` that all files have. What ended before `ended` (None: before `before`)
    is left out, and so is who is not `among` some customers (by key; None: all are); `ended` may hold a `moment` for
    each `customer_key`, and `before` counts for others."""

    customer_files: Sequence[Path]
    part_files: Sequence[Path]
    line_files: Sequence[Path]
    before: int
    keys: tuple[int, int]
    memory_mb: int
    attributes: Sequence[str] = ()
    ended: Ended = None
    among: Sequence[int] | None = None

    def customers(self) -> pa.Table:
        """The id of each customer key."""
        return self._table(CUSTOMERS, self.customer_files, {})

    def parts(self) -> pa.Table:
        """Parts of one order and day as one, in the order of customers and time."""
        attributes = "".join(f", {ATTRIBUTES[name]}" for name in self.attributes)
        return self._visible(PARTS, self.part_files, attributes=attributes)

    def lines(self) -> pa.Table:
        """The order lines that name something; there must be a file of them."""
        return self._visible(LINES, self.line_files)

    def ends(self) -> pa.Table:
        """Whose facts ended before `before`, and when (`gone_at`): each pair once."""
        if not any_ends(self.part_files):
            return NO_ENDS
        return self._table(ENDED, self.part_files, {"before": self.before})

    def _visible(self, query: str, files: Sequence[Path], **parts: str) -> pa.Table:
        bound: dict[str, object] = {"before": self.before}
        not_ended, own = "", ""
        if any_ends(files):
            not_ended, bound["ended"] = NOT_ENDED, self.ended if isinstance(self.ended, int) else self.before
            if isinstance(self.ended, pa.Table):
                not_ended, own = NOT_ENDED_OWN, OWN_MOMENTS
                _connection(self.memory_mb).register("own_moments", self.ended)
        if self.among is not None:
            not_ended, bound["among"] = not_ended + AMONG, list(self.among)
        return self._table(query.format(not_ended=not_ended, own=own, **parts), files, bound)

    def _table(self, query: str, files: Sequence[Path], given: Mapping[str, object]) -> pa.Table:
        smallest, largest = self.keys
        bound = {"files": [str(path) for path in files], "smallest_key": smallest, "largest_key": largest, **given}
        return _connection(self.memory_mb).sql(query, params=bound).to_arrow_table()


def any_ends(files: Sequence[Path]) -> bool:
    """Whether a fact in some of the files ends: a file in which nothing does has no such column."""
    return any("gone_at" in pq.read_schema(path).names for path in files)


def last_seconds(files: Sequence[Path], timezone: str, memory_mb: int) -> tuple[np.ndarray, np.ndarray]:
    """Local days (since 1970-01-01) on which orders became visible, ascending, and the last second of each. What ended
    before the last of these moments is as if it had never been."""
    query = LAST_SECONDS.format(not_ended=LASTING if any_ends(files) else "")
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
