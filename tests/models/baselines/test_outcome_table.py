"""Tables of mean outcomes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from foretell.models.baselines.outcome_table import bin_of, pooled, quantile_cuts, table_along

ROWS = st.lists(st.tuples(st.floats(0, 1e6), st.integers(0, 1)), min_size=1, max_size=200)


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(0.1, 50)), min_size=1, max_size=40))
def test_pooling_equals_isotonic_regression(pairs: list[tuple[float, float]]) -> None:
    means, weights = np.array(pairs).T
    theirs = IsotonicRegression().fit_transform(np.arange(len(means)), means, sample_weight=weights)
    np.testing.assert_allclose(pooled(means, weights), theirs, atol=1e-8)


@given(ROWS)
def test_a_monotone_table_stays_within_0_and_1_and_never_turns(rows: list[tuple[float, int]]) -> None:
    fact, outcome = np.array(rows, dtype=float).T
    table = table_along(fact, outcome, "probability", bins=10, monotone=True)
    steps = np.diff(table.at(np.sort(fact)))
    assert (steps >= -1e-12).all() or (steps <= 1e-12).all()
    assert ((table.means > 0) & (table.means < 1)).all()


@given(st.lists(st.integers(0, 20), min_size=1, max_size=100), st.integers(1, 12))
def test_no_bin_of_the_training_rows_is_empty(values: list[int], bins: int) -> None:
    fact = np.array(values, dtype=float)
    cuts = quantile_cuts(fact, bins)
    assert len(cuts) < bins
    assert set(bin_of(fact, cuts)) == set(range(len(cuts) + 1))


def test_few_rows_are_pulled_to_the_mean_of_all() -> None:
    fact = np.r_[np.zeros(1000), np.ones(2)]
    outcome = np.r_[np.zeros(500), np.ones(502)]
    table = table_along(fact, outcome, "probability", bins=5, monotone=False)
    assert 0.5 < table.at(np.array([1.0]))[0] < 0.6
