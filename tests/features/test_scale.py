"""Amounts and counts are compared by their logarithm, shares and what is unknown as they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.features import FEATURES
from foretell.features.scale import STRAIGHT_UNITS, logged, robust_deviation

VALUES = st.lists(st.floats(-1e9, 1e9) | st.just(float("nan")), max_size=10)


@pytest.mark.parametrize("name", [*FEATURES, "a feature of another time"])
def test_the_unit_decides_on_the_scale(name: str) -> None:
    straight = name not in FEATURES or FEATURES[name].unit in STRAIGHT_UNITS
    expected = [-2.0, 0.0, 1.5, np.nan] if straight else [0.0, 0.0, np.log(2.5), np.nan]
    np.testing.assert_allclose(logged(np.array([-2.0, 0.0, 1.5, np.nan]), name), expected)


@given(VALUES)
def test_a_larger_value_is_never_lower_on_the_scale(values: list[float]) -> None:
    known = np.sort([value for value in values if not np.isnan(value)])
    assert (np.diff(logged(known, "spend_life")) >= 0).all()


def test_the_deviation_of_a_normal_distribution_is_its_own_and_an_outlier_moves_nothing() -> None:
    drawn = np.random.default_rng(1).normal(5, 3, 20_000)
    assert robust_deviation(drawn) == pytest.approx(3, rel=0.03)
    assert robust_deviation(np.append(drawn, [1e12, np.nan])) == pytest.approx(3, rel=0.03)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], 0.0), ([np.nan, np.inf], 0.0), ([4.0], 0.0), ([0, 0, 0, 0, 10], 2 * 1.2533), ([0, 1, 2, 3, 4], 2 / 1.349)],
)
def test_where_half_are_equal_the_mean_deviation_tells(values: list[float], expected: float) -> None:
    assert robust_deviation(np.array(values)) == pytest.approx(expected)


@given(st.lists(st.integers(-1000, 1000), max_size=10), st.integers(1, 100), st.integers(-1000, 1000))
def test_the_deviation_follows_the_unit_and_not_the_origin(values: list[int], unit: int, moved: int) -> None:
    plain = np.array(values, dtype=np.float64)
    assert robust_deviation(plain * unit + moved) == pytest.approx(unit * robust_deviation(plain))
