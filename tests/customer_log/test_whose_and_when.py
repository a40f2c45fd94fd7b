"""Every fact has a customer and a moment; what is loaded late is known late, never before it happened."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

from foretell.customer_log.row_problems import RowProblems
from foretell.customer_log.whose_and_when import Held, whose_and_when

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
    found = whose_and_when(ROWS, Held(("who",), "at", "loaded"), "ymd", ("UTC", NOW), problems)
    assert [int(found.happened_at[row]) for row in (0, 3)] == [moment(1), moment(3)]
    assert [int(found.known_at[row]) for row in (0, 3)] == [moment(2), moment(3)]
    assert found.customer.to_pylist()[0] == "a"
    assert found.customer.to_pylist()[1] is None
    assert problems.good.tolist() == [True, True, False, True]


def test_without_a_column_it_is_known_when_it_happened() -> None:
    problems = RowProblems(len(ROWS))
    found = whose_and_when(ROWS, Held(("who",), "at", None), "ymd", ("UTC", NOW), problems)
    assert int(found.known_at[0]) == int(found.happened_at[0]) == moment(1)
    assert [column for column, _ in problems.known] == ["at"]
