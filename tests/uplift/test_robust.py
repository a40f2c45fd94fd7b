"""Doubly robust scores, and outcomes held to a limit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.uplift.robust import held, limit_of, robust_scores


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_over_all_draws_the_scores_have_the_mean_of_each_arm_whatever_was_expected(one: float, other: float) -> None:
    potential, expected, shares = np.array([2.0, 3.5]), np.array([[one, other]]), np.array([0.25, 0.75])
    scores = [robust_scores(expected, np.array([a]), potential[[a]], shares)[0] for a in range(2)]
    np.testing.assert_allclose(shares @ np.array(scores), potential, atol=1e-9)


def test_without_expectation_they_are_outcomes_over_shares() -> None:
    found = robust_scores(np.zeros((2, 2)), np.array([0, 1]), np.array([3.0, 5.0]), np.array([0.5, 0.5]))
    assert found.tolist() == [[6.0, 0.0], [0.0, 10.0]]


def test_amounts_are_held_to_what_one_in_a_hundred_buyers_exceeds() -> None:
    outcome = np.concatenate([np.zeros(500), np.arange(1.0, 101.0), [-1e6]])
    limit = limit_of(outcome)
    assert 98 < limit < 101
    assert held(outcome, limit).min() == -limit
    assert limit_of(np.array([0.0, 1.0, 1.0])) == float("inf")
    assert held(np.array([7.0]), limit_of(np.array([0.0]))) == pytest.approx(7.0)
