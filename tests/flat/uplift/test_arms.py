"""Costs and outcomes of arms as files tell them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from foretell.flat.uplift.arms import costs_of, file_names, outcome_of
from foretell.flat.uplift.request import UpliftRequest, uplift_request
from foretell.project.errors import InputError


def request(control: str = "none") -> UpliftRequest:
    return uplift_request(["a.csv"], None, "group", control, "bought")


def column(values: list[Any]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values)])


def test_costs_are_beyond_the_controls() -> None:
    np.testing.assert_allclose(costs_of(("none", "a", "b"), {"a": 0.5, "none": 0.2}), [0, 0.3, -0.2])
    with pytest.raises(InputError, match="not there"):
        costs_of(("none", "a"), {"c": 1.0})


def test_outcomes_are_numbers_or_one_of_two_words() -> None:
    values, positive = outcome_of(column(["1,5", "", "0"]), request(), ",")
    np.testing.assert_array_equal(values, [1.5, np.nan, 0])
    assert positive == ""
    values, positive = outcome_of(column(["yes", None, "no", "no"]), request(), ".")
    np.testing.assert_array_equal(values, [1, np.nan, 0, 0])
    assert positive == "yes"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["a", "b", "c"], "neither a number"),
        ([1, 1, 1], "the same"),
        (["yes", "yes"], "the same"),
        ([None, None], "neither|No row"),
        (["2024-01-02", "2024-01-03"], "neither a number"),
    ],
)
def test_other_outcomes_are_refused(values: list[Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        outcome_of(column(values), request(), ".")


def test_names_of_arms_become_names_of_columns() -> None:
    assert file_names(("none", "Mens E-Mail", "a\nb", "a\tb")) == ("none", "Mens E-Mail", "a_b", "a_b_2")
