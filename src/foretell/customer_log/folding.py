"""Folding order lines into order parts.

A part is what became known of one order on one local day; parts of several loads merge by sums, so a
grown file adds without a rebuild, and no part straddles a cutoff (cutoffs are local midnights).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.stable_keys import stable_keys
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
        ("sold", pa.int64()),
        ("lines", pa.int64()),
        ("units", pa.int64()),
    ]
)
"""`sold` sums the amounts above zero, refunds apart; a part without any and with a negative sum
is a refund. `units` are thousandths of the quantity, 1 piece a line where the source has none."""

LINE_ORDER = (
    "customer_key", "happened_at", "order_key", "product_key", "category_key", "amount", "units", "known_at",
)  # fmt: skip
MIXER = np.uint64(0x9E3779B97F4A7C15)


def keyed(lines: pa.Table, timezone: str) -> pa.Table:
    """Order lines with stable keys and the local day on which they became visible."""
    happened = lines["happened_at"].to_numpy()
    known = lines["known_at"].to_numpy()
    visible_day = local_day(np.maximum(happened, known), timezone)
    text = {name: lines[name].combine_chunks() for name in ("customer_id", "product", "category")}
    return pa.table(
        {
            "customer_id": text["customer_id"],
            "customer_key": _keys(text["customer_id"]).view(np.uint64),
            "order_key": _order_keys(lines["order_id"].combine_chunks(), happened, timezone),
            "happened_at": happened,
            "known_at": known,
            "visible_day": visible_day,
            "product": text["product"],
            "product_key": _keys(text["product"]),
            "category": text["category"],
            "category_key": _keys(text["category"]),
            "units": _units(lines["quantity"]),
            "amount": lines["amount"].combine_chunks(),
        },
        schema=KEYED_LINES,
    )


def in_line_order(lines: pa.Table) -> pa.Table:
    """Keyed lines sorted by `LINE_ORDER`, whatever order they came in."""
    return taken(lines, _sorted_rows([lines[name].to_numpy() for name in LINE_ORDER]))


def taken(lines: pa.Table, rows: np.ndarray) -> pa.Table:
    """The lines at these rows; a column that is all null stays as it is, if no row is left out."""
    order = pa.array(rows)
    whole = len(rows) == len(lines)
    columns = [c if whole and c.null_count == len(c) else c.take(order) for c in lines.columns]
    return pa.table(columns, schema=lines.schema)


def folded(lines: pa.Table) -> pa.Table:
    """The `PARTS` of keyed lines that are in line order, sorted by customer, time, order and when they became known."""
    column = {name: lines[name].to_numpy() for name in PARTS.names if name not in ("customer_id", "sold", "lines")}
    column["sold"] = np.maximum(column["amount"], 0)
    column["lines"] = np.ones(len(lines), dtype=np.int64)
    column["row"] = np.arange(len(lines))
    parts = _summed(column)
    if _any_twice(parts["customer_key"], parts["order_key"]):
        parts = _summed(_at(parts, ("customer_key", "order_key", "visible_day")))
        parts = _at(parts, ("customer_key", "happened_at", "order_key", "known_at"))
    customer = lines["customer_id"].combine_chunks().take(pa.array(parts.pop("row")))
    return pa.table({"customer_id": customer, **parts}, schema=PARTS)


def equal_lines(lines: pa.Table) -> int:
    """Lines that repeat another one in every column that is kept; the lines are in line order."""
    repeats = np.arange(len(lines))
    for name in LINE_ORDER:
        values = lines[name].to_numpy()
        repeats = repeats[(repeats > 0) & (values[repeats] == values[repeats - 1])]
    return len(repeats)


def local_day(moment: np.ndarray, timezone: str) -> np.ndarray:
    """int32: local calendar days since 1970-01-01."""
    if timezone == "UTC":
        return (moment // MICROSECONDS_PER_DAY).astype(np.int32)
    aware = pa.array(moment).cast(pa.timestamp("us", tz=timezone))
    local = pc.local_timestamp(aware).cast(pa.int64()).to_numpy()
    return (local // MICROSECONDS_PER_DAY).astype(np.int32)


def _summed(column: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Neighbours of one order and day as one row."""
    starts = np.flatnonzero(_differ([column["customer_key"], column["order_key"], column["visible_day"]]))
    if len(starts) == len(column["row"]):
        return dict(column)
    how = {"happened_at": np.minimum, "known_at": np.maximum} | dict.fromkeys(
        ("amount", "sold", "lines", "units"), np.add
    )
    return {
        name: how[name].reduceat(values, starts) if name in how else values[starts] for name, values in column.items()
    }


def _at(column: Mapping[str, np.ndarray], by: Sequence[str]) -> dict[str, np.ndarray]:
    order = _sorted_rows([column[name] for name in by])
    return {name: values[order] for name, values in column.items()}


def _any_twice(customer_key: np.ndarray, order_key: np.ndarray) -> bool:
    mixed = customer_key + order_key.view(np.uint64) * MIXER
    mixed.sort()
    return bool((mixed[1:] == mixed[:-1]).any())


def _sorted_rows(columns: Sequence[np.ndarray]) -> np.ndarray:
    """`np.lexsort`, the first column the first key: each further column sorts only the rows that are still tied."""
    order = np.argsort(columns[0])
    new = _differ([columns[0][order]])
    for column in columns[1:]:
        tied = ~new
        tied[:-1] |= tied[1:]
        rows = np.flatnonzero(tied)
        if not len(rows):
            break
        group = np.cumsum(new[rows])
        order[rows] = order[rows][np.argsort(_packed(group, column[order[rows]]))]
        new[rows] |= _differ([column[order[rows]]])
    return order


def _packed(group: np.ndarray, values: np.ndarray) -> np.ndarray:
    """int64 that sort as (group, value) do."""
    low, high = int(values.min()), int(values.max())
    if (high - low).bit_length() + int(group[-1]).bit_length() > 63:
        values = np.unique(values, return_inverse=True)[1]
        low, high = 0, len(values)
    return (group << (high - low).bit_length()) | (values - values.dtype.type(low)).astype(np.int64)


def _differ(columns: Sequence[np.ndarray]) -> np.ndarray:
    """True where a row is not that before it."""
    flags = np.zeros(len(columns[0]), dtype=bool)
    flags[:1] = True
    for column in columns:
        flags[1:] |= column[1:] != column[:-1]
    return flags


def _keys(texts: pa.Array) -> np.ndarray:
    """int64 stable key of each text; 0 where it is null."""
    if texts.null_count == len(texts):
        return np.zeros(len(texts), dtype=np.int64)
    encoded = texts.dictionary_encode()
    keys = np.append(stable_keys(encoded.dictionary).view(np.int64), 0)
    position: np.ndarray = pc.fill_null(encoded.indices, len(keys) - 1).to_numpy(zero_copy_only=False)
    return keys.take(position)


def _units(quantity: pa.ChunkedArray) -> np.ndarray:
    """int64 thousandths of the quantity without its sign; one piece where there is none."""
    if quantity.null_count == len(quantity):
        return np.full(len(quantity), 1000)
    pieces = quantity.to_numpy()
    return np.where(np.isfinite(pieces), np.clip(np.rint(np.abs(pieces) * 1000), 0, 1e15), 1000).astype(np.int64)


def _order_keys(order_id: pa.Array, happened: np.ndarray, timezone: str) -> np.ndarray:
    """int64: whole numbers as they are, other ids by their key, days (negative) where there is no id."""
    missing = order_id.is_null().to_numpy(zero_copy_only=False)
    by_day = (
        -1 - local_day(happened, timezone).astype(np.int64)
        if missing.any()
        else np.zeros(len(order_id), dtype=np.int64)
    )
    if missing.all():
        return by_day
    if _all_whole(order_id):
        return np.asarray(pc.cast(order_id, pa.int64()).to_numpy())
    whole = pc.fill_null(pc.match_substring_regex(order_id, "^[1-9][0-9]{0,14}$"), False)
    number = pc.cast(pc.if_else(whole, order_id, "0"), pa.int64())
    whole_flags = whole.to_numpy(zero_copy_only=False)
    keys = np.where(whole_flags, pc.fill_null(number, 0).to_numpy(zero_copy_only=False), by_day)
    texts = ~whole_flags & ~missing
    if texts.any():
        keys[texts] = _keys(order_id.filter(pa.array(texts))) | np.int64(1 << 60)
    return keys


def _all_whole(texts: pa.Array) -> bool:
    """Whether all are plain whole numbers, as most order ids are."""
    return bool(
        not texts.null_count
        and pc.max(pc.binary_length(texts)).as_py() <= 15
        and pc.all(pc.ascii_is_decimal(texts)).as_py()
        and not pc.any(pc.starts_with(texts, "0")).as_py()
    )
