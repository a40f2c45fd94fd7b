"""Conditions on columns as they come: NumPy or Arrow, whole or in chunks, whatever stands for null."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from foretell.segments.conditions import Constant, Inequality, Kind, Name, Not, NullTest

NUMBER_COLUMNS = [
    np.array([1.0, np.nan, 3.0]),
    np.array([1, np.nan, 3], dtype=np.float32),
    pa.array([1, None, 3], pa.int64()),
    pa.array([1.0, float("nan"), 3.0]),
    pa.chunked_array([[1.0, None], [3.0]]),
    pa.array([True, None, True]),
]
TEXT_COLUMNS = [
    np.array(["a", None, "b"], dtype=object),
    np.array(["a", np.nan, "b"], dtype=object),
    pa.array(["a", None, "b"]),
    pa.array(["a", None, "b"]).dictionary_encode(),
    pa.array(["a", None, "b"], pa.large_string()),
    pa.chunked_array([["a"], [None, "b"]]),
]


def compared(kind: Kind, sign: str, value: float | str) -> Inequality:
    return Inequality((Name("column", kind), Constant(value, str(value))), (sign,))


@pytest.mark.parametrize("column", NUMBER_COLUMNS, ids=str)
def test_numbers_are_read_from_any_array(column: np.ndarray | pa.Array) -> None:
    columns = {"column": column}
    assert compared("number", ">=", 1.0).holds(columns).tolist() == [True, False, True]
    assert Not(compared("number", ">=", 1.0)).holds(columns).tolist() == [False, True, False]
    assert NullTest(Name("column", "number"), True).holds(columns).tolist() == [False, True, False]


@pytest.mark.parametrize("column", TEXT_COLUMNS, ids=str)
def test_texts_are_read_from_any_array(column: np.ndarray | pa.Array) -> None:
    columns = {"column": column}
    assert compared("text", "=", "a").holds(columns).tolist() == [True, False, False]
    assert compared("text", "!=", "a").holds(columns).tolist() == [False, False, True]
    assert NullTest(Name("column", "text"), False).holds(columns).tolist() == [True, False, True]


def test_two_columns_can_be_compared() -> None:
    pair = Inequality((Name("a", "text"), Name("b", "text")), ("=",))
    columns = {"a": pa.array(["x", "y", None]), "b": np.array(["x", "z", None], dtype=object)}
    assert pair.holds(columns).tolist() == [True, False, False]


@pytest.mark.parametrize("column", [np.zeros(0), pa.array([], pa.string()), pa.array([], pa.null())], ids=str)
def test_of_nobody_nothing_is_told(column: np.ndarray | pa.Array) -> None:
    kind: Kind = "number" if isinstance(column, np.ndarray) else "text"
    assert compared(kind, "=", 1.0 if kind == "number" else "a").holds({"column": column}).tolist() == []
