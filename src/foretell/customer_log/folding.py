"""Folding order lines into order parts.

A part is what became known of one order on one local day and ends at one moment, if it ends; parts of several loads
merge by sums, so a grown file adds without a rebuild, and no part straddles a cutoff (cutoffs are local midnights).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from foretell.customer_log.keyed_lines import attributes_in
from foretell.customer_log.line_order import differ, sorted_rows

PARTS = pa.schema(
    [
        ("customer_key", pa.uint64()),
        ("order_key", pa.int64()),
        ("visible_day", pa.int32()),
        ("happened_at", pa.int64()),
        ("known_after", pa.int64()),
        ("amount", pa.int64()),
        ("taken_back", pa.int64()),
        ("lines", pa.int64()),
        ("units", pa.int64()),
        ("gone_at", pa.int64()),
    ]
)
"""`amount` sums all lines, `taken_back` those below zero, without their sign: what was sold is the sum of the two.
A part that sold nothing and has a negative amount is a refund. `known_after` is how many microseconds after the first
line happened the last one became known. Those of `ORDER_ATTRIBUTES` that the lines have stand beside: `discount` is a
sum, and where the lines of a part name more than one country or channel, the one of the greatest code stays, in
whatever order they come."""
ONE_PART = ("customer_key", "order_key", "visible_day", "gone_at")
MIXER = np.uint64(0x9E3779B97F4A7C15)

HOW = {"happened_at": np.minimum, "known_at": np.maximum, "country": np.maximum, "channel": np.maximum} | dict.fromkeys(
    ("amount", "taken_back", "lines", "units", "discount"), np.add
)


def folded(lines: pa.Table) -> pa.Table:
    """The `PARTS` of keyed lines that are in line order, with the attributes that they have, sorted by customer, time,
    order, when they became known and when they end."""
    attributes = attributes_in(lines)
    given = [name for name in PARTS.names if name not in ("taken_back", "lines")]
    column = {name: lines[name].to_numpy() for name in (*given, *attributes)}
    column["known_at"] = column["happened_at"] + column.pop("known_after")
    column["taken_back"] = np.maximum(-column["amount"], 0)
    column["lines"] = np.ones(len(lines), dtype=np.int64)
    return _in_parts_order(_summed(column), attributes)


def folded_again(parts: pa.Table) -> pa.Table:
    """`PARTS` in whatever order, of which some are of one order, day and end: each once, sorted as `folded` does."""
    column = {name: parts[name].to_numpy() for name in parts.column_names}
    column["known_at"] = column["happened_at"] + column.pop("known_after")
    ordered = _at(column, ("customer_key", "happened_at", "order_key", "known_at", "gone_at"))
    return _in_parts_order(ordered, attributes_in(parts))


def _in_parts_order(parts: dict[str, np.ndarray], attributes: Sequence[str]) -> pa.Table:
    if _any_twice(parts["customer_key"], parts["order_key"]):
        parts = _summed(_at(parts, ONE_PART))
        parts = _at(parts, ("customer_key", "happened_at", "order_key", "known_at", "gone_at"))
    parts["known_after"] = parts.pop("known_at") - parts["happened_at"]
    schema = pa.schema([*PARTS, *((name, pa.int64()) for name in attributes)])
    return pa.table(parts).select(schema.names).cast(schema)


def _summed(column: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Neighbours of one order, day and end as one row."""
    starts = np.flatnonzero(differ([column[name] for name in ONE_PART]))
    if len(starts) == len(column["lines"]):
        return dict(column)
    return {
        name: HOW[name].reduceat(values, starts) if name in HOW else values[starts] for name, values in column.items()
    }


def _at(column: Mapping[str, np.ndarray], by: Sequence[str]) -> dict[str, np.ndarray]:
    order = sorted_rows([column[name] for name in by])
    return {name: values[order] for name, values in column.items()}


def _any_twice(customer_key: np.ndarray, order_key: np.ndarray) -> bool:
    mixed = customer_key + order_key.view(np.uint64) * MIXER
    mixed.sort()
    return bool((mixed[1:] == mixed[:-1]).any())
