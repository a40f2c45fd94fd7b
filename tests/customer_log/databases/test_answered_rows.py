"""Rows of Python drivers as Arrow tables."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

from foretell.customer_log.databases.answered_rows import answered_rows, column_of
from foretell.customer_log.databases.connection import ROWS


class Answer:
    """Rows that are given some at a time."""

    def __init__(self, rows: list[tuple[object, ...]]) -> None:
        self.rows = rows

    def fetchmany(self, size: int, /) -> list[tuple[object, ...]]:
        given, self.rows = self.rows[:size], self.rows[size:]
        return given


def test_blocks_are_of_some_rows_and_the_last_of_the_rest() -> None:
    rows: list[tuple[object, ...]] = [(n, "x") for n in range(ROWS + 2)]
    blocks = list(answered_rows(Answer(rows), ["n", "t"]))
    assert [len(block) for block in blocks] == [ROWS, 2]
    assert blocks[1]["n"].to_pylist() == [ROWS, ROWS + 1]


def test_an_empty_answer_still_has_its_columns() -> None:
    (block,) = answered_rows(Answer([]), ["a", "b"])
    assert (block.column_names, len(block)) == (["a", "b"], 0)


def test_each_kind_of_value_is_kept_and_what_is_mixed_becomes_text() -> None:
    assert column_of([1, None, 3]).type == pa.int64()
    assert column_of([datetime(2024, 1, 2), None]).type == pa.timestamp("us")
    assert column_of([date(2024, 1, 2)]).type == pa.date32()
    assert column_of([Decimal("1.50")]).to_pylist() == [Decimal("1.50")]
    assert column_of([uuid.UUID(int=5), None]).to_pylist() == ["00000000-0000-0000-0000-000000000005", None]
    assert column_of([2, "n/a", b"3", None]).to_pylist() == ["2", "n/a", "3", None]
    assert column_of([{"a": 1}]).to_pylist() == ["{'a': 1}"]
