"""Folding order lines into order parts.

A part is what became known of one order on one local day; parts of several loads merge by sums, so a
grown file adds without a rebuild, and no part straddles a cutoff (cutoffs are local midnights).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.project.fingerprints import keys_of
from foretell.project.intervals import MICROSECONDS_PER_DAY

KEYED_LINES = pa.schema(
    [
        ("customer_id", pa.string()),
        ("customer_key", pa.uint64()),
        ("order_key", pa.int64()),
        ("happened_at", pa.int64()),
        ("known_at", pa.int64()),
        ("visible_day", pa.int32()),
        ("product", pa.string()),
        ("product_key", pa.int64()),
        ("category", pa.string()),
        ("category_key", pa.int64()),
        ("units", pa.int64()),
        ("amount", pa.int64()),
    ]
)
PARTS = pa.schema(
    [
        ("customer_id", pa.string()),
        ("customer_key", pa.uint64()),
        ("order_key", pa.int64()),
        ("visible_day", pa.int32()),
        ("happened_at", pa.int64()),
        ("known_at", pa.int64()),
        ("amount", pa.int64()),
        ("positive", pa.int8()),
        ("lines", pa.int64()),
        ("units", pa.int64()),
    ]
)
"""`positive` is 1 where a line has an amount above zero; a part without one and with a negative sum
is a refund. `units` are thousandths of the quantity, 1 piece a line where the source has none."""


def keyed(lines: pa.Table, timezone: str, known_keys: dict[str, int]) -> pa.Table:
    """Order lines with stable keys and the local day on which they became visible; `known_keys` saves
    hashing an id twice."""
    happened = lines["happened_at"].to_numpy()
    known = lines["known_at"].to_numpy()
    visible_day = local_day(np.maximum(happened, known), timezone)
    customer = lines["customer_id"].combine_chunks()
    quantity = lines["quantity"].to_numpy()
    units = np.where(np.isfinite(quantity), np.clip(np.rint(np.abs(quantity) * 1000), 0, 1e15), 1000)
    return pa.table(
        {
            "customer_id": customer,
            "customer_key": _keys(customer, known_keys).view(np.uint64),
            "order_key": _order_keys(lines["order_id"].combine_chunks(), local_day(happened, timezone)),
            "happened_at": happened,
            "known_at": known,
            "visible_day": visible_day,
            "product": lines["product"].combine_chunks(),
            "product_key": _keys(lines["product"].combine_chunks(), {}),
            "category": lines["category"].combine_chunks(),
            "category_key": _keys(lines["category"].combine_chunks(), {}),
            "units": units.astype(np.int64),
            "amount": lines["amount"].combine_chunks(),
        },
        schema=KEYED_LINES,
    )


def folded(lines: pa.Table) -> pa.Table:
    """The `PARTS` of keyed lines, sorted by customer, time and order."""
    column = {
        name: lines[name].to_numpy()
        for name in ("customer_key", "order_key", "visible_day", "happened_at", "known_at", "amount", "units")
    }
    order = np.lexsort((column["visible_day"], column["order_key"], column["customer_key"]))
    column = {name: values[order] for name, values in column.items()}
    starts = np.flatnonzero(_changes(column["customer_key"], column["order_key"], column["visible_day"]))
    counts = np.diff(np.append(starts, len(order)))
    reduced = {
        "customer_key": column["customer_key"][starts],
        "order_key": column["order_key"][starts],
        "visible_day": column["visible_day"][starts],
        "happened_at": np.minimum.reduceat(column["happened_at"], starts) if len(starts) else starts,
        "known_at": np.maximum.reduceat(column["known_at"], starts) if len(starts) else starts,
        "amount": np.add.reduceat(column["amount"], starts) if len(starts) else starts,
        "positive": np.maximum.reduceat(column["amount"] > 0, starts).astype(np.int8) if len(starts) else starts,
        "lines": counts,
        "units": np.add.reduceat(column["units"], starts) if len(starts) else starts,
    }
    by_time = np.lexsort((reduced["order_key"], reduced["happened_at"], reduced["customer_key"]))
    reduced = {name: values[by_time] for name, values in reduced.items()}
    customer = lines["customer_id"].combine_chunks().take(pa.array(order[starts][by_time]))
    return pa.table({"customer_id": customer, **reduced}, schema=PARTS)


def equal_lines(lines: pa.Table) -> int:
    """Lines that repeat another one in every column that is kept."""
    mixed = np.zeros(len(lines), dtype=np.uint64)
    for name in ("customer_key", "order_key", "happened_at", "product_key", "units", "amount"):
        mixed = (mixed ^ lines[name].to_numpy().astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return len(mixed) - len(np.unique(mixed))


def local_day(moment: np.ndarray, timezone: str) -> np.ndarray:
    """int32: local calendar days since 1970-01-01."""
    if timezone == "UTC":
        return (moment // MICROSECONDS_PER_DAY).astype(np.int32)
    aware = pa.array(moment).cast(pa.timestamp("us", tz=timezone))
    local = pc.local_timestamp(aware).cast(pa.int64()).to_numpy()
    return (local // MICROSECONDS_PER_DAY).astype(np.int32)


def _changes(*columns: np.ndarray) -> np.ndarray:
    changes = np.ones(len(columns[0]), dtype=bool)
    changes[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return changes


def _keys(texts: pa.Array, known: dict[str, int]) -> np.ndarray:
    """int64 stable key of each text; 0 where it is null."""
    encoded = texts.dictionary_encode()
    distinct = encoded.dictionary.to_pylist()
    if unseen := [text for text in distinct if text not in known]:
        known.update(zip(unseen, keys_of(unseen).view(np.int64).tolist(), strict=True))
    keys = np.array([0, *(known[text] for text in distinct)], dtype=np.int64)
    position: np.ndarray = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return keys[position + 1]


def _order_keys(order_id: pa.Array, day: np.ndarray) -> np.ndarray:
    """int64: whole numbers as they are, other ids by their key, days (negative) where there is no id."""
    missing = order_id.is_null().to_numpy(zero_copy_only=False)
    if missing.all():
        return -1 - day.astype(np.int64)
    whole = pc.fill_null(pc.match_substring_regex(order_id, "^[1-9][0-9]{0,14}$"), False)
    number = pc.cast(pc.if_else(whole, order_id, "0"), pa.int64())
    whole_flags = whole.to_numpy(zero_copy_only=False)
    keys = np.where(whole_flags, pc.fill_null(number, 0).to_numpy(zero_copy_only=False), -1 - day.astype(np.int64))
    texts = ~whole_flags & ~missing
    if texts.any():
        keys[texts] = _keys(order_id.filter(pa.array(texts)), {}) | np.int64(1 << 60)
    return keys
