"""The shared design: even columns, nulls told apart, each entry from its own row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foretell.models.contract import CannotFit
from foretell.models.design import design_of, restored_design, signed_log

ANYTHING = st.floats(-1e30, 1e30) | st.just(float("nan")) | st.sampled_from([0.0, 1.0, 1e-300])


@given(arrays(np.float64, st.tuples(st.integers(1, 30), st.integers(1, 5)), elements=ANYTHING))
def test_columns_are_finite_even_and_of_the_row_alone(features: np.ndarray) -> None:
    try:
        design = design_of(features)
    except CannotFit:
        known = [column[~np.isnan(column)] for column in features.T]
        assert all(len(k) in (0, len(features)) for k in known)
        return
    columns = design.columns(features)
    assert np.isfinite(columns).all()
    assert np.abs(columns.mean(axis=1)).max() < 1.5
    for row in range(len(features)):
        alone = design.columns(features[row : row + 1])
        assert alone.tobytes() == np.ascontiguousarray(columns[:, row : row + 1]).tobytes()


def test_a_null_is_the_mean_and_its_own_indicator() -> None:
    features = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0], [np.nan, 5.0]])
    columns = design_of(features).columns(features)
    assert columns.shape == (2, 4)
    assert columns[0, 3] == 0.0
    np.testing.assert_allclose(columns[1], (np.array([0, 0, 0, 1]) - 0.25) / np.sqrt(0.25 * 0.75))


def test_equal_patterns_of_nulls_need_one_indicator() -> None:
    features = np.array([[1.0, 4.0], [np.nan, np.nan], [3.0, 1.0]])
    assert list(design_of(features).null_of) == [0]


def test_a_long_tail_is_logged_and_a_rate_is_not() -> None:
    random = np.random.default_rng(1)
    features = np.column_stack([random.lognormal(3, 1.5, 500), random.uniform(0, 1, 500)])
    assert design_of(features).logged.tolist() == [True, False]


def test_a_whale_stays_within_reach() -> None:
    features = np.r_[np.linspace(0, 1, 99), 1e20][:, None]
    assert np.abs(design_of(features).columns(features)).max() <= 6.0


def test_a_restored_design_makes_the_same_columns() -> None:
    features = np.random.default_rng(2).normal(size=(40, 3))
    design = design_of(features)
    assert restored_design(design.state()).columns(features).tobytes() == design.columns(features).tobytes()


def test_constant_features_are_refused() -> None:
    with pytest.raises(CannotFit, match="every feature is the same"):
        design_of(np.ones((20, 3)))


def test_signed_log_is_odd() -> None:
    values = np.array([-100.0, -1.0, 0.0, 1.0, 100.0])
    np.testing.assert_array_equal(signed_log(values), -signed_log(values[::-1]))
