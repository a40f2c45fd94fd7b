"""On the link scale forecasts are added up: there and back is the same, and nothing is certain or without bounds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.models.contract import closed
from foretell.models.links import (
    FURTHEST_LOGIT,
    FURTHEST_SHIFT,
    HIGHEST_LOG,
    LOWEST_LOG,
    bounded,
    from_link,
    shift_below,
    shift_to,
    to_link,
)
from foretell.project.objectives import Kind

KINDS = st.sampled_from(["probability", "count", "amount"])


@given(KINDS, st.floats(-12, 12))
def test_there_and_back_is_the_same(kind: Kind, link: float) -> None:
    assert to_link(from_link(np.array([link]), kind), kind)[0] == pytest.approx(link, abs=1e-8)


@given(KINDS, st.floats(allow_nan=False))
def test_no_forecast_is_beyond_its_bounds(kind: Kind, link: float) -> None:
    found = from_link(np.array([link]), kind)[0]
    assert 0 < found < (1 if kind == "probability" else math.inf)
    low, high = (-FURTHEST_LOGIT, FURTHEST_LOGIT) if kind == "probability" else (LOWEST_LOG, HIGHEST_LOG)
    assert bounded(np.array([link]), kind)[0] == min(max(link, low), high)


def test_known_values_have_their_known_links() -> None:
    np.testing.assert_allclose(to_link(np.array([0, 0.5, 0.8, 1]), "probability"), [-13, 0, math.log(4), 13])
    np.testing.assert_allclose(to_link(np.array([-1, 0, 1, math.e]), "amount"), [-16, -16, 0, 1], atol=1e-12)


ROWS = st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5), st.floats(-9, 9)), min_size=1, max_size=8)


@given(ROWS, st.floats(-3, 3))
def test_closed_contributions_sum_to_the_link(rows: list[tuple[float, float, float]], base: float) -> None:
    table = np.array(rows)
    found = closed(base, ("a", "b"), table[:, :2], table[:, 2])
    np.testing.assert_allclose(found.base + found.values.sum(axis=1), table[:, 2], atol=1e-9)


def test_what_is_missing_goes_by_size_and_else_to_all_alike() -> None:
    found = closed(1.0, ("a", "b"), np.array([[3.0, -1.0], [0.0, 0.0], [1.0, 2.0]]), np.array([7.0, 5.0, 4.0]))
    np.testing.assert_allclose(found.values, [[6.0, 0.0], [2.0, 2.0], [1.0, 2.0]])


@given(st.lists(st.floats(-8, 8), min_size=1, max_size=30), st.floats(0.02, 0.98), KINDS)
def test_a_shift_brings_forecasts_to_a_mean_or_as_near_as_it_may(link: list[float], mean: float, kind: Kind) -> None:
    at = np.array(link)
    shift = shift_to(mean, at, kind)
    assert abs(shift) <= FURTHEST_SHIFT
    if abs(shift) < FURTHEST_SHIFT - 1e-6:
        assert from_link(at + shift, kind).mean() == pytest.approx(mean, rel=1e-6)


@given(st.lists(st.tuples(st.floats(-6, 6), st.floats(0.05, 1)), min_size=1, max_size=30), st.floats(0.01, 0.04))
def test_a_shift_below_what_is_most_holds_both(rows: list[tuple[float, float]], mean: float) -> None:
    link, most = (np.array(column) for column in zip(*rows, strict=True))
    shift = shift_below(mean, link, most)
    found = np.minimum(from_link(link + shift, "probability"), most)
    if abs(shift) < FURTHEST_SHIFT - 1e-6:
        assert found.mean() == pytest.approx(mean, abs=1e-8)
