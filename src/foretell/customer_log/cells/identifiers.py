"""Identifiers as one text each: 17850, 17850.0 and "17850" are one customer, "0001" is not 1."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

NULL_WORDS = (
    "", "na", "n/a", "#n/a", "nan", "null", "(null)", "none", "nil", "-", "--", "?", "\\n", "<na>", "nat",
    "undefined", "#null!", "#ref!", "#value!", "#name?", "#div/0!", "#num!",
)  # fmt: skip
WHOLE = r"^(-?(?:0|[1-9][0-9]*))(?:\.0*|,0{1,2})$"

EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
PLAIN = r"^[A-Za-z]*[0-9][0-9A-Za-z_-]*$"


class Distinct(NamedTuple):
    """The distinct values of a column and, for each row, the position of its value (int32, -1 for null)."""

    values: pa.Array
    positions: np.ndarray


def in_chunks(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    """The column as a chunked one, whose conversions to NumPy are alike for every type."""
    return column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])


def distinct(column: pa.ChunkedArray | pa.Array) -> Distinct:
    """A column as its distinct values, so that each is worked on once."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks)
    if pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_decode()
    encoded = whole.dictionary_encode()
    return Distinct(encoded.dictionary, encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False))


def spread(values: pa.Array, positions: np.ndarray) -> pa.Array:
    """The value of each row from distinct values and positions; -1 gives null."""
    return values.take(pa.array(positions, pa.int32(), mask=positions < 0))


def as_text(column: pa.Array) -> pa.Array:
    """Any column as trimmed text: whole floats without their `.0`, words that mean nothing as null."""
    kind = column.type
    if pa.types.is_floating(kind):
        column = _floats_as_text(column)
    elif pa.types.is_decimal(kind):
        column = pc.replace_substring_regex(column.cast(pa.string()), r"\.0+$", "")
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        column = pa.array(
            [None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()], pa.string()
        )
    elif pa.types.is_nested(kind):
        column = pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())
    elif pa.types.is_null(kind):
        return pa.nulls(len(column), pa.string())
    text = pc.utf8_trim(column.cast(pa.string()), " \t\r\n\v\f\u00a0\u200b\ufeff\u2009\u202f\u3000")
    return pc.if_else(pc.is_in(pc.utf8_lower(text), pa.array(NULL_WORDS)), pa.scalar(None, pa.string()), text)


def canonical_ids(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The canonical identifier of each row as text; null where there is none.

    Whitespace around it, quotes around it and a spreadsheet's `="..."`, or `'` before a number, are taken off;
    `17850.0` is `17850`; an e-mail address is written in lower case.

    >>> canonical_ids(pa.array(["17850", "'17850", " 17850.0", '"17850"', "0001", "n/a", None])).to_pylist()
    ['17850', '17850', '17850', '17850', '0001', None, None]
    >>> canonical_ids(pa.array([17850.0, 2.5, float("nan")])).to_pylist()
    ['17850', '2.5', None]
    """
    if (regular := _regular(column)) is not None:
        return regular
    values, positions = distinct(column)
    text = as_text(values)
    text = pc.replace_substring_regex(text, r'^="(.*)"$', r"\1")
    text = pc.replace_substring_regex(text, r'^"(.*)"$', r"\1")
    text = pc.replace_substring_regex(text, r"^'(.*)'$", r"\1")
    text = pc.replace_substring_regex(text, r"^'([+0-9])", r"\1")
    text = pc.replace_substring_regex(text, WHOLE, r"\1")
    text = pc.if_else(pc.equal(text, "-0"), "0", text)
    text = pc.if_else(pc.match_substring_regex(text, EMAIL), pc.utf8_lower(text), text)
    return spread(as_text(text), positions)


def ids_are_integers(ids: pa.ChunkedArray | pa.Array) -> bool:
    """Whether every canonical id (at least one, nulls aside) is a whole number of at most 18 digits."""
    present = ids.drop_null()
    return bool(len(present)) and bool(pc.all(pc.match_substring_regex(present, r"^(0|-?[1-9][0-9]{0,17})$")).as_py())


def _regular(column: pa.ChunkedArray | pa.Array) -> pa.Array | None:
    """The column itself where every value is canonical already, as most columns are; None otherwise."""
    if pa.types.is_integer(column.type):
        column = column.cast(pa.string())
    elif not pa.types.is_string(column.type) or (
        not pc.all(pc.ascii_is_decimal(column)).as_py() and not pc.all(pc.match_substring_regex(column, PLAIN)).as_py()
    ):
        return None
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _floats_as_text(column: pa.Array) -> pa.Array:
    values = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    whole = np.isfinite(values) & (values == np.floor(values)) & (np.abs(values) < 2**63)
    texts = [
        None if not np.isfinite(value) else str(int(value)) if is_whole else repr(float(value))
        for value, is_whole in zip(values, whole, strict=True)
    ]
    return pa.array(texts, pa.string())
