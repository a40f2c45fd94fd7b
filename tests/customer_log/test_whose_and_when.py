"""Every fact has a customer and a moment; what is loaded late is known late, never before it happened."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.files.source_table import Block, rejected_rows
from foretell.customer_log.schema import REJECTED
from foretell.customer_log.whose_and_when import LONGEST_VALUE, Held, RowProblems, whose_and_when

NOW = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp() * 1e6)
ROWS = pa.table(
    {
        "who": ["a", "", "b", "c"],
        "at": ["2024-05-01 10:00:00", "2024-05-01 10:00:00", "never", "2024-05-03 10:00:00"],
        "loaded": ["2024-05-02 10:00:00", "", "", "2024-05-01 10:00:00"],
    }
)


def moment(day: int) -> int:
    return int(datetime(2024, 5, day, 10, tzinfo=UTC).timestamp() * 1e6)


def test_what_is_loaded_late_is_known_late_and_never_before_it_happened() -> None:
    problems = RowProblems(len(ROWS))
    found = whose_and_when(ROWS, Held("who", "at", "loaded"), "ymd", ("UTC", NOW), problems)
    assert [int(found.happened_at[row]) for row in (0, 3)] == [moment(1), moment(3)]
    assert [int(found.known_at[row]) for row in (0, 3)] == [moment(2), moment(3)]
    assert found.customer.to_pylist()[0] == "a"
    assert problems.good.tolist() == [True, False, False, True]


def test_without_a_column_it_is_known_when_it_happened() -> None:
    problems = RowProblems(len(ROWS))
    found = whose_and_when(ROWS, Held("who", "at", None), "ymd", ("UTC", NOW), problems)
    assert int(found.known_at[0]) == int(found.happened_at[0]) == moment(1)
    assert [column for column, _ in problems.known] == ["who", "at"]


REASONS = ("", "no number", "not a number")
SIX = 6
MARKS = st.lists(
    st.tuples(st.lists(st.integers(0, 2), min_size=SIX, max_size=SIX), st.sampled_from(("a", "b"))), max_size=4
)


def block(**columns: list[object]) -> Block:
    rows = pa.table(columns)
    return Block(rows, np.arange(rows.num_rows) * 10 + 2, rejected_rows("orders.csv", [], [], []))


@given(MARKS)
def test_the_first_mark_of_a_row_stays(marks: list[tuple[list[int], str]]) -> None:
    problems = RowProblems(SIX)
    first: dict[int, tuple[str, str]] = {}
    for codes, column in marks:
        problems.mark_all(np.array(codes), REASONS, column)
        first = {row: (column, REASONS[code]) for row, code in enumerate(codes) if code} | first
    assert problems.good.tolist() == [row not in first for row in range(SIX)]
    source = block(a=[f"a{row}" for row in range(SIX)], b=list(range(SIX)))
    found = problems.rejected(source, "orders.csv")
    assert found.schema == REJECTED
    assert found.to_pylist() == [
        {
            "file": "orders.csv",
            "line": 10 * row + 2,
            "column": column,
            "value": f"a{row}" if column == "a" else str(row),
            "reason": reason,
        }
        for row, (column, reason) in sorted(first.items())
    ]


def test_a_missing_value_stays_missing_and_a_long_one_is_cut() -> None:
    problems = RowProblems(2)
    problems.mark(np.array([True, True]), "a", "not a number")
    found = problems.rejected(block(a=[None, "x" * 999]), "orders.csv")
    assert found["value"].to_pylist() == [None, "x" * LONGEST_VALUE]


def test_marking_nobody_changes_nothing() -> None:
    problems = RowProblems(2)
    problems.mark(np.array([False, False]), "a", "not a number")
    assert problems.good.all()
    assert problems.rejected(block(b=[1, 2]), "orders.csv").num_rows == 0
    assert RowProblems(0).rejected(block(a=[]), "orders.csv").num_rows == 0
