"""Figures of outcomes, however they are written."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from foretell.flat.experiment.figures import ColumnFigures, column_figures
from foretell.project.errors import InputError
from foretell.project.request import DecimalSign

NOW = 1_700_000_000_000_000


def read(values: list[object], decimal: DecimalSign = ".") -> ColumnFigures:
    return column_figures("y", pa.chunked_array([pa.array(values)]), decimal, NOW, "--outcome")


def test_numbers_as_people_write_them() -> None:
    assert read(["1,5", "-2", "(3,00)", ""], ",").values.tolist()[:3] == [1.5, -2, -3]
    mixed = read([*(["1.5"] * 40), "oops", "", None])
    assert (mixed.empty, mixed.unread) == (2, 1)
    assert np.isfinite(mixed.values).sum() == 40


def test_infinite_values_are_no_figures() -> None:
    found = read([1.0, float("inf"), float("-inf"), float("nan"), None, 1e300])
    assert found.values[0] == 1
    assert np.isnan(found.values[1:]).all()
    assert found.unread == 3
    assert found.empty == 2


def test_words_that_say_yes_and_no_are_one_and_nothing() -> None:
    found = read(["yes", "No", "YES", ""])
    assert found.values.tolist()[:3] == [1, 0, 1]
    assert "'yes' counts as 1" in found.told.casefold()
    assert read([True, False]).values.tolist() == [1, 0]
    assert read(["no", "no"]).values.tolist() == [0, 0]
    assert read([True, True]).values.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (["red", "green", "blue"], "words"),
        (["red", "red"], "words"),
        (["2024-01-02", "2024-03-04"], "dates"),
        ([dt.date(2024, 1, 2), dt.date(2024, 3, 4)], "dates"),
        (["", None], "empty"),
    ],
)
def test_what_has_no_mean_is_refused(values: list[object], what: str) -> None:
    with pytest.raises(InputError, match=what):
        read(values)
