from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given

from foretell.customer_log.keyed_lines import keyed
from foretell.customer_log.line_order import LINE_ORDER, equal_lines, has_one_value, in_line_order, once_of_two, taken
from made_lines import LINES, table


@given(LINES)
def test_line_order_is_that_of_a_sort(rows: list[dict[str, object]]) -> None:
    lines = keyed(table(rows), "UTC").lines
    found = [tuple(line[name] for name in LINE_ORDER) for line in in_line_order(lines).to_pylist()]
    assert found == sorted(tuple(line[name] for name in LINE_ORDER) for line in lines.to_pylist())
    assert equal_lines(in_line_order(lines)) == len(found) - len(set(found))


@given(LINES)
def test_of_lines_that_stand_twice_one_is_taken(rows: list[dict[str, object]]) -> None:
    lines = in_line_order(keyed(table(rows), "UTC").lines)
    twice = in_line_order(keyed(table([*rows, *rows]), "UTC").lines)
    assert once_of_two(twice).equals(lines)
    if len(rows) % 2:
        assert once_of_two(lines).equals(lines)


def test_columns_of_one_value_stay_as_they_are() -> None:
    lines = pa.table({"a": [3, 1, 2], "b": [7, 7, 7], "c": pa.nulls(3, pa.string()), "d": ["x", "x", "x"]})
    assert [has_one_value(column) for column in lines.columns] == [False, True, True, False]
    assert has_one_value(pa.chunked_array([], pa.int64()))
    assert not has_one_value(pa.chunked_array([[1, None]], pa.int64()))
    assert taken(lines, np.array([1, 2, 0])).to_pydict() == {
        "a": [1, 2, 3], "b": [7, 7, 7], "c": [None] * 3, "d": ["x"] * 3,
    }  # fmt: skip
