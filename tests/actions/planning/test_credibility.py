"""A measured effect is believed as far as it is sure, and no further."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.actions.planning.credibility import apart_of, drawn_to, weight_of
from foretell.actions.planning.effect import NORMAL_95, Effect

GUESS = Effect(0.01, 0.0, 0.02, "guess", "a careful guess")
SHARE = st.floats(-0.2, 0.2)


def found(added: float, error: float) -> Effect:
    half = NORMAL_95 * error
    return Effect(added, added - half, added + half, "experiment", "measured on 100 customers", 100, 1.0)


@given(SHARE, st.floats(0.0005, 0.1))
def test_what_is_believed_lies_between_guess_and_measured_and_the_interval_reaches_to_it(
    added: float, error: float
) -> None:
    told = drawn_to(found(added, error), GUESS)
    assert min(added, GUESS.added) - 1e-12 <= told.added <= max(added, GUESS.added) + 1e-12
    assert told.low == min(found(added, error).low, told.added)
    assert told.high == max(found(added, error).high, told.added)
    assert 0 <= told.weight <= 1
    assert (told.source, told.customers) == ("experiment", 100)


@given(st.floats(0, 0.2), st.floats(0.001, 0.1), st.floats(0, 0.05), st.floats(0, 0.1))
def test_the_weight_grows_with_the_distance_and_falls_with_the_error(
    distance: float, error: float, spread: float, more: float
) -> None:
    assert weight_of(distance + more, error, spread) >= weight_of(distance, error, spread) - 1e-9
    assert weight_of(distance, error + more, spread) <= weight_of(distance, error, spread) + 1e-9


@given(st.floats(0.001, 0.2), st.floats(0.005, 0.1), st.floats(0.005, 0.05))
def test_the_weight_is_that_of_a_slow_sum_over_all_places_of_the_truth(
    distance: float, error: float, spread: float
) -> None:
    """The mean of many truths, drawn evenly from the guess, each counted as likely as it makes what was measured."""
    share = (np.arange(40_000) + 0.5) / 40_000
    truth = spread * np.tan(np.pi * (share - 0.5))
    likely = np.exp(-0.5 * ((truth - distance) / error) ** 2)
    mean = float((likely * truth).sum() / likely.sum())
    assert weight_of(distance, error, spread) * distance == pytest.approx(mean, abs=1e-3 * error)


def test_one_unlucky_campaign_does_not_end_a_playbook_and_a_sure_one_does() -> None:
    assert drawn_to(found(-0.02, 0.03), GUESS).added > 0
    assert drawn_to(found(-0.07, 0.05), GUESS).added > 0
    assert drawn_to(found(-0.02, 0.003), GUESS).added == pytest.approx(-0.02, abs=0.001)
    assert "mostly a guess" in drawn_to(found(-0.02, 0.03), GUESS).label
    assert drawn_to(found(-0.02, 0.003), GUESS).label == "measured"


@pytest.mark.parametrize(("truth", "most"), [(0.01, 0.15), (0.02, 0.3), (0.04, 1.6), (0.2, 1.2)])
def test_the_error_is_smaller_near_the_guess_and_never_far_larger(truth: float, most: float) -> None:
    """Mean squared errors over drawn campaigns, as a share of those of what was measured."""
    error = 0.02
    drawn = np.random.default_rng(1).normal(0, error, 800)
    ours = np.array([drawn_to(found(truth + one, error), GUESS).added for one in drawn.tolist()]) - truth
    assert (ours**2).mean() < most * (drawn**2).mean()


@given(st.lists(st.tuples(SHARE, st.floats(0.001, 0.1)), min_size=2, max_size=5))
def test_offers_are_never_further_apart_than_they_were_measured(told: list[tuple[float, float]]) -> None:
    offers = [found(added, error) for added, error in told]
    weight = np.array([1 / error**2 for _, error in told])
    effect = np.array([added for added, _ in told])
    plain = effect - np.average(effect, weights=weight)
    apart = apart_of([*offers, None])
    assert apart[-1] == 0
    assert (np.abs(apart[:-1]) <= np.abs(plain) + 1e-12).all()
    assert (apart[:-1] * plain >= -1e-12).all()


def test_of_offers_that_are_alike_none_is_apart_and_of_one_nothing_is_known() -> None:
    assert apart_of([found(0.01, 0.02), found(0.02, 0.02)]).tolist() == [0, 0]
    assert apart_of([found(0.3, 0.001), None]).tolist() == [0, 0]
    assert apart_of([found(0.3, 0.001), found(0.1, 0.001)]) == pytest.approx([0.1, -0.1], rel=1e-3)
