"""Weights go to the members that were right, as far as outcomes bear it; a level that was missed moves none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from foretell.models.mix import Heard, mix
from foretell.project.objectives import Kind

USUAL = {"good": 0.5, "bad": 0.5}
Drawn = Callable[[np.random.Generator, np.ndarray], np.ndarray]
OUTCOMES: dict[Kind, Drawn] = {
    "probability": lambda random, link: (random.random(len(link)) < expit(link)).astype(float),
    "count": lambda random, link: random.poisson(np.exp(link)).astype(float),
    "amount": lambda random, link: random.poisson(np.exp(link)) * random.gamma(2, 0.5, len(link)),
}


def heard(kind: Kind, rows: int, seed: int, level: float = 0.0, slope: float = 1.0) -> Heard:
    random = np.random.default_rng(seed)
    true = random.normal(-0.5, 1.0, rows)
    links = {"good": true / slope - level, "bad": random.normal(-0.5, 1.0, rows) - level}
    return Heard(links, OUTCOMES[kind](random, true))


@pytest.mark.parametrize("kind", OUTCOMES)
def test_the_member_that_was_right_is_heard_more(kind: Kind) -> None:
    found = mix([heard(kind, 10_000, seed) for seed in (1, 2)], USUAL, kind)
    assert found["good"] > 0.65
    assert found["bad"] < 0.35


@pytest.mark.parametrize("kind", OUTCOMES)
def test_a_level_that_was_missed_moves_no_weight(kind: Kind) -> None:
    right, missed = (mix([heard(kind, 2_000, 1, level)], USUAL, kind) for level in (0.0, 0.7))
    assert missed == pytest.approx(right, abs=0.02)


def test_a_forecast_that_is_too_timid_gets_weights_that_sum_to_more() -> None:
    timid = [heard("probability", 20_000, seed, slope=2.0) for seed in (1, 2)]
    assert sum(mix(timid, USUAL, "probability").values()) > 1.2


def test_the_sum_is_believed_by_cutoffs_and_not_by_customers() -> None:
    sums = [
        sum(mix([heard("count", 20_000, seed, slope=2.0) for seed in range(cutoffs)], USUAL, "count").values())
        for cutoffs in (1, 2, 5)
    ]
    assert sums == sorted(sums)
    assert 1 < sums[0] < 1.25
    assert sums[2] > 1.35


def test_little_says_little_and_nothing_says_nothing() -> None:
    assert mix([heard("count", 60, 1)], USUAL, "count") == pytest.approx(USUAL, abs=0.1)
    assert mix([], USUAL, "count") == USUAL
    silent = Heard({"good": np.zeros(9), "bad": np.zeros(9)}, np.zeros(9))
    assert mix([silent], USUAL, "amount") == USUAL


def test_a_cutoff_without_one_of_the_members_is_left_out() -> None:
    whole = heard("probability", 500, 1)
    part = Heard({"good": whole.links["good"]}, whole.actual)
    assert mix([whole, part], USUAL, "probability") == mix([whole], USUAL, "probability")


@settings(max_examples=25)
@given(st.integers(1, 60), st.sampled_from(sorted(OUTCOMES)), st.integers(0, 9))
def test_weights_are_finite_and_the_same_whatever_the_order_of_rows(rows: int, kind: Kind, seed: int) -> None:
    one = heard(kind, rows, seed)
    turned = Heard({name: link[::-1] for name, link in one.links.items()}, one.actual[::-1])
    found = mix([one], USUAL, kind)
    assert np.isfinite(list(found.values())).all()
    assert mix([turned], USUAL, kind) == pytest.approx(found, abs=1e-3)
