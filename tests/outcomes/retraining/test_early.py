"""Early outcomes: one exponent carries chances to the first days, and it is the one that the outcomes tell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.outcomes.retraining.early import at_early_days, early_days, fitted_exponent, log_losses


@given(st.integers(1, 730))
def test_early_days_are_a_quarter_at_least_a_week_and_never_more_than_all(horizon: int) -> None:
    early = early_days(horizon)
    assert early == min(horizon, max(7, -(-horizon // 4)))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.floats(0.01, 1))
def test_an_early_chance_is_a_chance_no_larger_than_the_whole_in_the_same_order(
    chances: list[float], part: float
) -> None:
    whole = np.array(chances)
    early = at_early_days(whole, part)
    assert ((early >= 0) & (early <= np.maximum(whole, 1e-12))).all()
    assert (np.diff(early[np.argsort(whole)]) >= 0).all()


@given(st.floats(0.001, 5), st.integers(1, 30))
def test_with_a_constant_hazard_the_exponent_is_the_part_of_the_horizon(rate: float, days: int) -> None:
    whole = -np.expm1(-rate * np.array([1.0]))
    part = days / 30
    expected = -np.expm1(-rate * part)
    assert at_early_days(whole, part)[0] == pytest.approx(expected, rel=1e-6)


def test_the_exponent_is_found_again_from_outcomes_that_were_drawn_by_it() -> None:
    random = np.random.default_rng(3)
    whole = random.beta(1, 3, 100_000)
    came = random.random(len(whole)) < at_early_days(whole, 0.42)
    assert fitted_exponent(whole, came, 0.25) == pytest.approx(0.42, rel=0.02)


def test_it_is_the_part_where_nothing_can_be_told() -> None:
    half = np.full(4, 0.5)
    for came in (np.zeros(4, dtype=bool), np.ones(4, dtype=bool)):
        assert fitted_exponent(half, came, 0.3) == 0.3
    assert fitted_exponent(np.zeros(0), np.zeros(0, dtype=bool), 0.3) == 0.3


def test_log_loss_is_minus_the_log_of_what_was_given_to_what_came() -> None:
    found = log_losses(np.array([0.25, 0.25, 0.0]), np.array([True, False, True]))
    assert found.tolist() == pytest.approx([-np.log(0.25), -np.log(0.75), -np.log(1e-6)])
