"""Measures of forecasts over classes, against slow counts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import f1_score, log_loss

from foretell.backtest.metrics.distribution_metrics import (
    flow_error,
    log_losses,
    macro_f1,
    randomised_pit,
    ranked_probability_scores,
)


@st.composite
def forecasts(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Starts, chances and classes that came."""
    rows, classes, seed = draw(st.integers(1, 40)), draw(st.integers(2, 6)), draw(st.integers(0, 9_999))
    random = np.random.default_rng(seed)
    chance = random.dirichlet(np.full(classes, draw(st.sampled_from((0.1, 1.0, 20.0)))), rows)
    return random.integers(0, classes, rows), chance, random.integers(0, classes, rows)


@given(forecasts())
def test_log_loss_is_that_of_scikit_learn(made: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    _, chance, came = made
    labels = list(range(chance.shape[1]))
    clipped = np.maximum(chance, 1e-12)
    expected = log_loss(came, clipped / clipped.sum(axis=1, keepdims=True), labels=labels)
    assert log_losses(chance, came).mean() == pytest.approx(expected, rel=1e-6)


def test_what_was_held_impossible_costs_much_but_not_everything() -> None:
    assert log_losses(np.array([[1.0, 0.0]]), np.array([1]))[0] == pytest.approx(-math.log(1e-12))


@given(forecasts())
def test_ranked_probability_scores_are_summed_over_cumulative_steps(
    made: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    _, chance, came = made
    classes = chance.shape[1]
    for row, found in enumerate(ranked_probability_scores(chance, came)):
        total = sum((sum(chance[row, : step + 1]) - (came[row] <= step)) ** 2 for step in range(classes))
        assert found == pytest.approx(total / (classes - 1), abs=1e-12)
        assert 0 <= found <= 1


@given(st.integers(2, 6), st.data())
def test_a_nearer_miss_scores_better(classes: int, data: st.DataObject) -> None:
    came = data.draw(st.integers(0, classes - 1))
    scores = ranked_probability_scores(np.eye(classes), np.full(classes, came))
    assert scores.tolist() == pytest.approx([abs(guess - came) / (classes - 1) for guess in range(classes)])


@given(forecasts())
def test_macro_f1_is_that_of_scikit_learn(made: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    _, chance, came = made
    guess = chance.argmax(axis=1)
    assert macro_f1(guess, came, chance.shape[1]) == pytest.approx(f1_score(came, guess, average="macro"))


@given(forecasts())
def test_the_flow_error_is_the_share_that_must_be_put_elsewhere(
    made: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    start, chance, came = made
    classes, total = chance.shape[1], 0.0
    for a in range(classes):
        for b in range(classes):
            expected = sum(chance[row, b] for row in range(len(came)) if start[row] == a)
            total += abs(expected - sum(1 for s, e in zip(start, came, strict=True) if (s, e) == (a, b)))
    found = flow_error(start, chance, came)
    assert found == pytest.approx(total / 2 / len(came), abs=1e-12)
    assert 0 <= found <= 1 + 1e-12
    assert flow_error(start, np.eye(classes)[came], came) == 0


def test_of_nobody_nothing_is_known() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    assert math.isnan(flow_error(nobody, np.zeros((0, 3)), nobody))
    assert math.isnan(macro_f1(nobody, nobody, 3))


def test_right_distributions_with_atoms_give_uniform_values() -> None:
    random = np.random.default_rng(8)
    mean = random.gamma(1.0, 1.0, 4_000)
    actual = random.poisson(mean)
    u = randomised_pit(stats.poisson.cdf(actual - 1, mean), stats.poisson.cdf(actual, mean), np.arange(4_000), seed=1)
    assert stats.kstest(u, "uniform").pvalue > 0.01


def test_distributions_that_are_too_narrow_show() -> None:
    random = np.random.default_rng(8)
    actual = random.normal(size=4_000)
    narrow = stats.norm.cdf(actual, scale=0.6)
    u = randomised_pit(narrow, narrow, np.arange(4_000), seed=1)
    assert stats.kstest(u, "uniform").pvalue < 1e-6


def test_the_order_of_rows_changes_nothing() -> None:
    below, up_to, key = np.zeros(50), np.linspace(0.1, 1, 50), np.arange(50, dtype=np.uint64)[::-1] * np.uint64(31)
    order = np.random.default_rng(0).permutation(50)
    u = randomised_pit(below, up_to, key, seed=3)
    assert randomised_pit(below[order], up_to[order], key[order], seed=3).tolist() == u[order].tolist()
