"""Ids and repeated words as columns of text, and money in cents as decimals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.generated.customers import Customers


def customer_ids(customers: Customers, positions: np.ndarray) -> pa.Array:
    """The ids of customers at positions of a block: C000001 and so on."""
    return numbered("C", customers.number + 1, 6).take(pa.array(positions))


def numbered(letter: str, numbers: np.ndarray, digits: int) -> pa.Array:
    """Text: the letter and the number with leading zeros; a negative number is none."""
    texts = pc.utf8_lpad(pa.array(np.maximum(numbers, 0)).cast(pa.string()), digits, "0")
    return pc.if_else(
        pa.array(numbers >= 0), pc.binary_join_element_wise(letter, texts, ""), pa.scalar(None, pa.string())
    )


def of_codes(words: Sequence[str], codes: np.ndarray) -> pa.Array:
    """Text: the word of each code; a negative code is none."""
    return pa.array(words, pa.string()).take(pa.array(codes, pa.int64(), mask=codes < 0))


def money(cents: np.ndarray) -> pa.Array:
    """Whole cents as decimals of two places."""
    halves = np.column_stack([cents, cents >> 63]).astype("<i8")
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(np.ascontiguousarray(halves))])
