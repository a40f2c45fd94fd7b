"""Rows as Python drivers give them, as Arrow tables: a column of one type as it is, of several types as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import pyarrow as pa

from foretell.customer_log.databases.connection import ROWS


class Answer(Protocol):
    """What a driver gives: rows, some at a time."""

    def fetchmany(self, size: int, /) -> Sequence[Sequence[Any]]: ...


def answered_rows(answer: Answer, names: Sequence[str]) -> Iterator[pa.Table]:
    """The rows in blocks; the first may be empty, so that a reader sees the columns."""
    rows = answer.fetchmany(ROWS)
    while True:
        columns = zip(*rows, strict=True) if rows else ([] for _ in names)
        yield pa.table([column_of(list(values)) for values in columns], names=list(names))
        if len(rows) < ROWS:
            return
        rows = answer.fetchmany(ROWS)


def column_of(values: list[Any]) -> pa.Array:
    """A column of any values.

    >>> column_of([1, None]).type, column_of([1, "a", b"b"]).to_pylist()
    (DataType(int64), ['1', 'a', 'b'])
    """
    if not values:
        return pa.nulls(0)
    try:
        found = pa.array(values)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        found = pa.nulls(0)
    if len(found) and not (pa.types.is_nested(found.type) or isinstance(found.type, pa.BaseExtensionType)):
        return found
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
