"""Multinomial logistic regression on arrays: what scikit-learn predicts, and a little for what may come besides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from foretell.models.learners.multinomial_logistic import (
    ITERATIONS,
    LEAST_SEEN,
    LEAST_UNSEEN,
    STRENGTH,
    fit,
)


def made(classes: int, rows: int = 300, seed: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Inputs of very different size, one of them constant, and classes that hang on them."""
    random = np.random.default_rng(seed)
    inputs = np.column_stack([random.normal(size=rows), random.normal(size=rows) * 1e4 + 5e5, np.full(rows, 3.0)])
    logit = inputs[:, :1] * np.arange(classes) + random.gumbel(size=(rows, classes))
    return inputs, logit.argmax(axis=1)


@pytest.mark.parametrize("seen", [(0, 1), (1, 3), (0, 1, 2), (0, 2, 3, 5)])
def test_it_predicts_what_scikit_learn_does_apart_from_the_least(seen: tuple[int, ...]) -> None:
    inputs, place = made(len(seen))
    outcome = np.array(seen)[place]
    fitted = fit(inputs, outcome, np.ones(6, dtype=bool))
    scale = np.where(inputs.std(axis=0) > 1e-9, inputs.std(axis=0), 1)
    scaled = (inputs - inputs.mean(axis=0)) / scale
    theirs = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS, tol=1e-3).fit(scaled, outcome).predict_proba(scaled)
    least = np.full(6, LEAST_UNSEEN)
    least[list(seen)] = LEAST_SEEN
    expected = np.zeros((len(inputs), 6))
    expected[:, seen] = theirs
    np.testing.assert_allclose(fitted.predict(inputs), (expected + least) / (1 + least.sum()), atol=1e-9)


@settings(max_examples=40)
@given(st.integers(1, 5), st.integers(1, 40), st.integers(0, 999), st.lists(st.booleans(), min_size=6, max_size=6))
def test_chances_are_a_distribution_whatever_was_seen(classes: int, rows: int, seed: int, possible: list[bool]) -> None:
    inputs, outcome = made(classes, rows, seed)
    fitted = fit(inputs, outcome, np.array(possible))
    for asked in (inputs, inputs * 1e3 - 7, np.zeros((2, 3))):
        found = fitted.predict(asked)
        np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)
        seen = set(outcome.tolist())
        for code in range(6):
            may_come = code in seen or possible[code]
            assert (found[:, code] > 0).all() if may_come else (found[:, code] == 0).all()


def test_one_class_is_nearly_sure() -> None:
    inputs, _ = made(2)
    found = fit(inputs, np.full(len(inputs), 1), np.array([True, True, False])).predict(inputs)
    np.testing.assert_allclose(found, np.tile([1e-3, 1.0001, 0], (len(inputs), 1)) / 1.0011)
