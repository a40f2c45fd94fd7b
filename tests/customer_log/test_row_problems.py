"""Each row that cannot be used is kept once, with the first problem that was found."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.files.source_table import Block, rejected_rows
from foretell.customer_log.row_problems import LONGEST_VALUE, RowProblems
from foretell.customer_log.schema import REJECTED

REASONS = ("", "no number", "not a number")
ROWS = 6
MARKS = st.lists(
    st.tuples(st.lists(st.integers(0, 2), min_size=ROWS, max_size=ROWS), st.sampled_from(("a", "b"))), max_size=4
)


def block(**columns: list[object]) -> Block:
    rows = pa.table(columns)
    return Block(rows, np.arange(rows.num_rows) * 10 + 2, rejected_rows("orders.csv", [], [], []))


@given(MARKS)
def test_the_first_mark_of_a_row_stays(marks: list[tuple[list[int], str]]) -> None:
    problems = RowProblems(ROWS)
    first: dict[int, tuple[str, str]] = {}
    for codes, column in marks:
        problems.mark_all(np.array(codes), REASONS, column)
        first = {row: (column, REASONS[code]) for row, code in enumerate(codes) if code} | first
    assert problems.good.tolist() == [row not in first for row in range(ROWS)]
    source = block(a=[f"a{row}" for row in range(ROWS)], b=list(range(ROWS)))
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
