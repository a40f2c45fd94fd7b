"""Batches from a few order parts, written as tuples."""

from __future__ import annotations

import pyarrow as pa

from foretell.timelines.as_of import Population
from foretell.timelines.batch import Timelines, Value, timelines

NOBODY_ELSE = Population(0, float("nan"), float("nan"))
PART_COLUMNS = ("customer_key", "order_key", "happened_at", "known_at", "amount", "sold", "lines", "units")
LINE_COLUMNS = ("customer_key", "happened_at", "known_at", "product", "category", "units", "amount")


def batch(*parts: tuple[int, int, int, int, int], timezone: str = "UTC", value: Value = "net") -> Timelines:
    """A batch of parts (customer, order, happened, known, amount), each of one line of product 1."""
    rows = sorted(parts, key=lambda part: (part[0], part[2], part[1], part[3]))
    found = [(*row, max(row[4], 0), 1, 1000) for row in rows]
    columns = {name: pa.array([row[i] for row in found]) for i, name in enumerate(PART_COLUMNS)}
    columns["customer_key"] = columns["customer_key"].cast(pa.uint64())
    customers = {
        "customer_key": columns["customer_key"],
        "customer_id": pa.array([f"c{row[0]}" for row in rows], pa.string()),
    }
    of_line = [(row[0], row[2], row[3], 1, 0, 1000, row[4]) for row in rows]
    lines = {name: pa.array([row[i] for row in of_line], pa.int64()) for i, name in enumerate(LINE_COLUMNS)}
    lines["customer_key"] = lines["customer_key"].cast(pa.uint64())
    typed = pa.table(columns).cast(
        pa.schema([(n, pa.int64() if pa.types.is_null(c.type) else c.type) for n, c in columns.items()])
    )
    return timelines(pa.table(customers), typed, pa.table(lines), timezone, value)
