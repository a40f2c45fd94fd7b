"""Order lines with stable keys: numbers in place of texts, so that they can be sorted, cut and summed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.schema import NEVER, ORDER_ATTRIBUTES
from foretell.customer_log.stable_keys import codes, stable_keys
from foretell.project.local_time import local_days

DAYS = 1 << 40
WORDS = pa.schema([("code", pa.int64()), ("text", pa.string())])
CUSTOMERS = pa.schema([("customer_key", pa.uint64()), ("customer_id", pa.string())])
KEYED_LINES = pa.schema(
    [
        ("customer_key", pa.uint64()),
        ("order_key", pa.int64()),
        ("happened_at", pa.int64()),
        ("known_after", pa.int64()),
        ("visible_day", pa.int32()),
        ("product", pa.string()),
        ("product_key", pa.int64()),
        ("category", pa.string()),
        ("category_key", pa.int64()),
        ("units", pa.int64()),
        ("amount", pa.int64()),
        ("gone_at", pa.int64()),
    ]
)
"""`known_after` is how many microseconds after it happened a line became known, `visible_day` the local day from
which both lie in the past; `gone_at` is `NEVER` for a line that does not end; keys are 0 where the text is null;
`units` are thousandths of the quantity, 1 piece where there is none."""


class Keyed(NamedTuple):
    """Lines as `KEYED_LINES` with those of `ORDER_ATTRIBUTES` that their source has, all int64 (a text as its code, 0
    where it is null); the id of each of their customers once, as `CUSTOMERS`; the texts behind the codes of categories
    and attributes once or more, as `WORDS`."""

    lines: pa.Table
    customers: pa.Table
    words: pa.Table


def attributes_in(lines: pa.Table) -> list[str]:
    """The names of `ORDER_ATTRIBUTES` that a table has."""
    return [name for name in ORDER_ATTRIBUTES.names if name in lines.column_names]


def keyed(lines: pa.Table, timezone: str) -> Keyed:
    """Order lines with stable keys and the local day on which they became visible."""
    happened = lines["happened_at"].to_numpy()
    known = lines["known_at"].to_numpy()
    ids = lines["customer_id"].combine_chunks().dictionary_encode()
    customer_keys = stable_keys(ids.dictionary)
    product, category = (lines[name].combine_chunks() for name in ("product", "category"))
    columns = {
        "customer_key": customer_keys.take(ids.indices.to_numpy()),
        "order_key": order_keys(lines["order_id"].combine_chunks(), happened, timezone),
        "happened_at": happened,
        "known_after": known - happened,
        "visible_day": local_days(np.maximum(happened, known), timezone),
        "product": product,
        "product_key": _keys(product),
        "category": category,
        "category_key": _keys(category),
        "units": _units(lines["quantity"]),
        "amount": lines["amount"].combine_chunks(),
        "gone_at": _gone_at(lines),
    }
    words = [_words(category.unique().drop_null())] if category.null_count < len(category) else []
    for name in attributes_in(lines):
        values = lines[name].combine_chunks()
        if name == "discount":
            columns[name] = values
        else:
            columns[name], texts = codes_of_texts(values)
            words.append(texts)
    schema = pa.schema([*KEYED_LINES, *((name, pa.int64()) for name in attributes_in(lines))])
    customers = pa.table([customer_keys, ids.dictionary], schema=CUSTOMERS)
    return Keyed(pa.table(columns, schema=schema), customers, pa.concat_tables([WORDS.empty_table(), *words]))


def codes_of_texts(texts: pa.Array) -> tuple[np.ndarray, pa.Table]:
    """int64 code of each text, 0 where it is null, and their `WORDS`."""
    encoded = texts.dictionary_encode()
    words = _words(encoded.dictionary)
    position: np.ndarray = pc.fill_null(encoded.indices, len(words)).to_numpy(zero_copy_only=False)
    return np.append(words["code"].to_numpy(), 0).take(position), words


def _words(texts: pa.Array) -> pa.Table:
    return pa.table([codes(texts), texts], schema=WORDS)


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


def _gone_at(lines: pa.Table) -> np.ndarray:
    """int64 moment of each line's end, `NEVER` where it has none."""
    if "gone_at" not in lines.column_names:
        return np.full(len(lines), NEVER)
    return np.asarray(pc.fill_null(lines["gone_at"], NEVER).to_numpy())


def order_keys(order_id: pa.Array, happened: np.ndarray, timezone: str) -> np.ndarray:
    """int64: whole numbers as they are, other ids by their key, days (negative) where there is no id."""
    missing = order_id.is_null().to_numpy(zero_copy_only=False)
    by_day = (
        -1 - local_days(happened, timezone).astype(np.int64)
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


def are_days(order_keys: np.ndarray) -> np.ndarray:
    """bool: which keys of orders are days, since there was no number: whole numbers just below 0."""
    return np.asarray((order_keys < 0) & (order_keys > -DAYS))


def _all_whole(texts: pa.Array) -> bool:
    """Whether all are plain whole numbers, as most order ids are."""
    return bool(
        not texts.null_count
        and pc.max(pc.binary_length(texts)).as_py() <= 15
        and pc.all(pc.ascii_is_decimal(texts)).as_py()
        and not pc.any(pc.starts_with(texts, "0")).as_py()
    )
