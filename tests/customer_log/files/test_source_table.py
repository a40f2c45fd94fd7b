"""Rows that fit no table are kept with their place, and two columns of one name are refused."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import refuse_twice_named, rejected_rows, within
from foretell.customer_log.schema import REJECTED
from foretell.project.errors import InputError

FILE = SourceFile(Path("/shop/orders.csv"), "orders.csv", "csv")


@given(st.lists(st.tuples(st.integers(1, 99), st.text(max_size=300), st.text(max_size=5)), max_size=4))
def test_rejected_rows_tell_place_and_reason_and_the_begin_of_their_value(rows: list[tuple[int, str, str]]) -> None:
    lines, values, reasons = ([row[place] for row in rows] for place in range(3))
    found = rejected_rows("orders.csv", lines, values, reasons)  # type: ignore[arg-type]
    assert found.schema == REJECTED
    assert found.to_pylist() == [
        {"file": "orders.csv", "line": line, "column": None, "value": value[:200], "reason": reason}
        for line, value, reason in rows
    ]


@given(st.lists(st.sampled_from(("a", "b", "A", "")), max_size=4))
def test_only_equal_names_are_refused(names: list[str]) -> None:
    if len(set(names)) == len(names):
        refuse_twice_named(names, FILE)
        return
    with pytest.raises(InputError, match="Two columns have the same name") as refused:
        refuse_twice_named(names, FILE, 3)
    assert refused.value.column == min(name for name in names if names.count(name) > 1)
    assert (refused.value.file, refused.value.line, refused.value.found) == ("/shop/orders.csv", 3, ", ".join(names))


def test_a_part_of_a_file_is_within_it() -> None:
    places = pa.chunked_array([["a.xlsx", "a.xlsx, May", "b.xlsx, May", "a.xlsx2"]])
    assert within(places, "a.xlsx").to_pylist() == [True, True, False, False]
