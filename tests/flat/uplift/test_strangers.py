"""Columns of strangers in the experiment's form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from foretell.examples.flat.columns import flat_column
from foretell.flat.uplift.strangers import recoded
from foretell.project.errors import InputError


def as_in(like: list[Any], values: list[Any]) -> np.ndarray:
    first, second = (pa.chunked_array([pa.array(v)]) for v in (like, values))
    return recoded(flat_column("x", second, ".", 0), second, flat_column("x", first, ".", 0)).values


def test_categories_keep_their_codes_and_unseen_ones_are_empty() -> None:
    np.testing.assert_array_equal(as_in(["b", "a", "c"], ["c", "z", None]), [2, np.nan, np.nan])


def test_categories_that_look_like_numbers_stay_categories() -> None:
    np.testing.assert_array_equal(as_in(["01", "2", "x"], ["2", "2"]), [1, 1])


def test_numbers_are_numbers_and_an_empty_column_is_empty() -> None:
    np.testing.assert_array_equal(as_in([1.5, 2.0], ["7", ""]), [7, np.nan])
    np.testing.assert_array_equal(as_in([1.5, 2.0], [None, None]), [np.nan, np.nan])


def test_words_where_the_experiment_had_numbers_are_refused() -> None:
    with pytest.raises(InputError, match="does not hold numbers"):
        as_in([1.0, 2.0], ["a", "b"])
