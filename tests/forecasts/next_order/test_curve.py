"""The return curve: a defective distribution that may be bent through given chances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foretell.forecasts.next_order.curve import FURTHEST_DAYS, KNOTS, ReturnCurve, curve_of, knots_with

HAZARD = st.floats(0, 5) | st.sampled_from([0.0, 1e-300, 1e-9, 50.0])
CHANCE = st.floats(0, 1) | st.sampled_from([0.0, 1e-12, 0.5, 1.0])
HORIZONS = st.lists(st.integers(1, 1830), min_size=1, max_size=4, unique=True)


@st.composite
def curves(draw: st.DrawFn, horizons: tuple[int, ...] = ()) -> ReturnCurve:
    days = knots_with(dict.fromkeys(horizons))
    rows = draw(st.integers(1, 5))
    return curve_of(days, draw(arrays(np.float64, (rows, len(days) - 1), elements=HAZARD)))


@given(curves())
def test_quantiles_split_those_who_return(curve: ReturnCurve) -> None:
    before = np.zeros(len(curve.cumulative_hazard))
    for share in (0.1, 0.25, 0.5, 0.75, 0.9):
        day = curve.quantile(share)
        assert (day >= before).all()
        assert (day <= FURTHEST_DAYS).all()
        assert curve.came_by(day) == pytest.approx(share * (1 - curve.p_no_repeat), rel=1e-6, abs=1e-12)
        before = day


@given(curves(), st.floats(0, 2000), st.floats(0, 2000))
def test_the_chance_to_have_come_never_falls(curve: ReturnCurve, one: float, other: float) -> None:
    early, late = sorted((one, other))
    assert (curve.came_by(early) <= curve.came_by(late)).all()
    assert curve.came_by(early) + curve.silent_until(early) == pytest.approx(1.0)
    assert (curve.came_by(0.0) == 0).all()


@given(st.data(), HORIZONS)
def test_the_curve_goes_through_every_given_chance(data: st.DataObject, horizons: list[int]) -> None:
    curve = data.draw(curves(tuple(horizons)))
    rows = len(curve.cumulative_hazard)
    given_chances = np.sort(data.draw(arrays(np.float64, (rows, len(horizons)), elements=CHANCE)), axis=1)
    chances = dict(zip(sorted(horizons), given_chances.T, strict=True))
    bent = curve.through(chances)
    for horizon, chance in chances.items():
        assert bent.came_by(float(horizon)) == pytest.approx(chance, rel=1e-9, abs=1e-11)
    assert (np.diff(bent.cumulative_hazard, axis=1) >= 0).all()
    for share in (0.1, 0.5, 0.9):
        day = bent.quantile(share)
        assert ((day >= 0) & (day <= FURTHEST_DAYS)).all()


@given(curves((30,)))
def test_what_was_its_own_chance_changes_nothing(curve: ReturnCurve) -> None:
    bent = curve.through({30: np.minimum(curve.came_by(30.0), 1 - 1e-9)})
    tame = curve.came_by(30.0) < 1 - 1e-9
    assert bent.cumulative_hazard[tame] == pytest.approx(curve.cumulative_hazard[tame], rel=1e-5)


@given(curves((30, 90)))
def test_who_has_no_chance_keeps_the_curve(curve: ReturnCurve) -> None:
    nobody = np.full(len(curve.cumulative_hazard), np.nan)
    assert curve.through({30: nobody, 90: nobody}).cumulative_hazard == pytest.approx(curve.cumulative_hazard)


def test_what_the_chance_knows_fades_within_a_year() -> None:
    days = knots_with({30: None})
    curve = curve_of(days, 0.01 * np.diff(days)[None, :])
    bent = curve.through({30: np.array([0.9])})
    own, raised = np.diff(curve.cumulative_hazard[0]), np.diff(bent.cumulative_hazard[0])
    after = days[:-1] >= 30
    ratio = raised[after] / own[after]
    factor = -np.log(0.1) / 0.3
    assert 1.0 < ratio[0] < factor
    assert (np.diff(ratio) <= 1e-9).all()
    assert ratio[days[:-1][after] >= 30 + 365] == pytest.approx(1.0)


def test_a_chance_below_that_of_a_shorter_horizon_is_taken_as_equal() -> None:
    curve = curve_of(knots_with({30: None, 90: None}), np.full((1, len(KNOTS)), 0.1))
    bent = curve.through({30: np.array([0.6]), 90: np.array([0.4])})
    assert bent.came_by(90.0) == pytest.approx([0.6])


def test_a_horizon_that_is_no_knot_is_refused() -> None:
    with pytest.raises(ValueError, match="31 days are no knot"):
        curve_of(KNOTS, np.ones((1, len(KNOTS) - 1))).through({31: np.array([0.5])})
