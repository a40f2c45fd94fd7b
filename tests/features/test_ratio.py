"""A ratio to nothing is null, every other is the quotient."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretell.features.ratio import ratio


@given(st.lists(st.tuples(st.integers(-(2**40), 2**40), st.integers(-50, 50)), max_size=12))
def test_a_ratio_is_null_exactly_where_there_is_nothing_to_divide_by(pairs: list[tuple[int, int]]) -> None:
    part, whole = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    found = ratio(part, whole)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, [a / b if b else np.nan for a, b in pairs])


def test_null_over_something_stays_null() -> None:
    np.testing.assert_array_equal(ratio(np.array([np.nan, 0.0]), np.array([2.0, 0.0])), [np.nan, np.nan])
