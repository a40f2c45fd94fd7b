"""The search ends where the likelihood is highest, and says so where it has no highest place."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.btyd.maximum_likelihood import LOG_BOUNDS, maximise
from foretell.btyd.summary import CannotFit

Rows = tuple[np.ndarray, np.ndarray]


@given(st.lists(st.tuples(st.floats(0.1, 50), st.integers(1, 9)), min_size=1, max_size=8))
def test_an_exponential_rate_is_one_over_the_weighted_mean(pairs: list[tuple[float, int]]) -> None:
    waits, weights = np.array(pairs, dtype=np.float64).T

    def exponential(parameters: np.ndarray) -> Rows:
        return np.log(parameters[0]) - parameters[0] * waits, (1 / parameters[0] - waits)[None]

    found, highest = maximise(exponential, weights, [(1.0,)])
    mean = (weights * waits).sum() / weights.sum()
    assert found[0] == pytest.approx(1 / mean, rel=1e-4)
    assert highest == pytest.approx(-weights.sum() * (math.log(mean) + 1), rel=1e-6, abs=1e-6)


def test_two_parameters_are_found_from_the_second_start_where_the_first_is_undefined() -> None:
    def hill(parameters: np.ndarray) -> Rows:
        a, b = np.log(parameters)
        height = -((a - 1) ** 2) - 3 * (b + 2) ** 2 if a > 0 else math.nan
        return np.array([height]), np.array([[-2 * (a - 1)], [-6 * (b + 2)]]) / parameters[:, None]

    found, highest = maximise(hill, np.ones(1), [(0.01, 1.0), (5.0, 1.0)])
    np.testing.assert_allclose(np.log(found), [1, -2], atol=1e-4)
    assert highest == pytest.approx(0, abs=1e-6)


def test_a_ridge_that_rises_for_ever_ends_at_the_bound() -> None:
    found, highest = maximise(lambda p: (np.log(p), 1 / p[:, None]), np.ones(1), [(1.0,)])
    assert found[0] == pytest.approx(math.exp(LOG_BOUNDS[1]))
    assert highest == pytest.approx(LOG_BOUNDS[1])


def test_a_likelihood_without_numbers_is_refused() -> None:
    with pytest.raises(CannotFit, match="no maximum that the search could reach"):
        maximise(lambda p: (np.full(1, np.nan), np.zeros((1, 1))), np.ones(1), [(1.0,), (2.0,)])
