from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from foretell.backtest.thresholds import best_f1_threshold

rows = st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=2, max_size=40)


@given(rows)
def test_no_other_threshold_has_a_better_f1(found: list[tuple[int, bool]]) -> None:
    predicted, actual = np.array([p / 10 for p, _ in found]), np.array([float(a) for _, a in found])
    assume(0 < actual.sum() < len(actual))
    threshold = best_f1_threshold(predicted, actual)
    assert threshold is not None
    best = f1_score(actual, predicted >= threshold)
    assert best == pytest.approx(max(f1_score(actual, predicted >= t) for t in predicted), rel=1e-12)


def test_of_equally_good_thresholds_the_highest_serves() -> None:
    predicted, actual = np.array([0.9, 0.8, 0.7, 0.1]), np.array([1.0, 0.0, 1.0, 0.0])
    assert best_f1_threshold(predicted, actual) == pytest.approx(0.4)
    assert best_f1_threshold(np.array([0.9, 0.5, 0.4]), np.array([1.0, 0.0, 0.0])) == pytest.approx(0.7)


@pytest.mark.parametrize("actual", [[0.0, 0.0], [1.0, 1.0], []])
def test_one_class_has_no_threshold(actual: list[float]) -> None:
    assert best_f1_threshold(np.linspace(0, 1, len(actual)), np.array(actual)) is None
