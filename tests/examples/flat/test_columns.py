"""A column's type is told from its values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.examples.flat.columns import FlatColumn, common_sign, flat_column

NOW = 1_767_225_600_000_000


def read(values: Sequence[str | None], sign: str = ".") -> FlatColumn:
    return flat_column("x", pa.chunked_array([pa.array(values, pa.string())]), sign, NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "2.5", "", "-3"], "number"),
        (["12 EUR", "13 EUR", "1 EUR"], "number"),
        (["12%", "13 %", None], "number"),
        (["P1", "P2", "P30"], "category"),
        (["00123", "04567", "99999"], "category"),
        (["2024-01-31", "2023-12-01"], "date"),
        (["1955-03-02", "31.12.1970"], "date"),
        (["yes", "no", "?"], "category"),
        (["", None, "n/a"], "category"),
    ],
)
def test_text_has_the_type_of_its_values(values: list[str | None], kind: str) -> None:
    assert read(values).kind == kind


def test_a_few_cells_that_are_no_numbers_count_as_empty_and_are_counted() -> None:
    column = read([str(n) for n in range(50)] + ["unknown to us"])
    assert column.kind == "number"
    assert column.unread == 1
    assert np.isnan(column.values[-1])


def test_decimal_commas_are_told_from_the_whole_table() -> None:
    table = pa.table({"a": ["1,5", "2,25"], "b": ["1.234", "2.345"]})
    assert common_sign(table) == ","
    assert flat_column("b", table["b"], common_sign(table), NOW).values.tolist() == [1234.0, 2345.0]


def test_a_dictionary_stays_a_category_and_unused_levels_go() -> None:
    values = pa.DictionaryArray.from_arrays(pa.array([0, 2, None]), pa.array(["7", "8", "9"]))
    column = flat_column("x", pa.chunked_array([values]), ".", NOW)
    assert (column.kind, column.levels) == ("category", ("7", "9"))
    assert column.values[:2].tolist() == [0.0, 1.0]


def test_dates_are_days_since_1970_whatever_their_form() -> None:
    assert read(["1970-01-02", "1969-12-31"]).values.tolist() == [1.0, -1.0]
    assert read(["02/01/1970", "31/12/1970"]).values.tolist() == [1.0, 364.0]
    typed = pa.array([86_400_000_000, None], pa.timestamp("us"))
    assert flat_column("x", pa.chunked_array([typed]), ".", NOW).values[0] == 1.0


@settings(max_examples=50)
@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers(-99, 99).map(str)), max_size=12))
def test_any_text_becomes_a_column(values: list[str | None]) -> None:
    column = read(values)
    assert len(column.values) == len(values)
    if column.kind == "category":
        known = column.values[np.isfinite(column.values)]
        assert list(column.levels) == sorted(set(column.levels))
        assert set(known.tolist()) == set(range(len(column.levels)))
