"""The shifted-beta-geometric against the figures of Fader and Hardie 2007, and against sums written out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.btyd.shifted_beta_geometric import ShiftedBetaGeometric, fit
from foretell.btyd.summary import CannotFit

REGULAR = (100.0, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3)
HIGH_END = (100.0, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4)
"""Per cent of customers who survive 0 to 12 years; the first seven years calibrate."""
CALIBRATED = 7
shapes = st.floats(0.05, 50)


def renewals(surviving: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    customers = np.array(surviving) * 10
    return customers[:-1], -np.diff(customers)


@pytest.mark.parametrize(
    ("surviving", "alpha", "beta", "log_likelihood"),
    [(REGULAR, 0.704, 1.182, -1680.27), (HIGH_END, 0.668, 3.806, -1611.16)],
)
def test_the_paper_is_reproduced(
    surviving: tuple[float, ...], alpha: float, beta: float, log_likelihood: float
) -> None:
    at_risk, ended = renewals(surviving)
    found = fit(at_risk[:CALIBRATED], ended[:CALIBRATED])
    assert (round(found.alpha, 3), round(found.beta, 3)) == (alpha, beta)
    assert round(found.log_likelihood, 2) == log_likelihood
    years = np.arange(len(surviving))
    missed = np.abs(100 * found.survival(years) - surviving)
    assert missed.max() < 2.0, "five years beyond the calibration stay within two points of the hundred"


def test_who_was_not_watched_to_the_end_is_counted_as_long_as_watched() -> None:
    """Half of the contracts are watched over three renewals and half over seven, all from one process."""
    truth = ShiftedBetaGeometric(0.7, 1.2, 0.0)
    survival = 1000 * truth.survival(np.arange(CALIBRATED + 1))
    watched = np.where(np.arange(CALIBRATED) < 3, 1.0, 0.5)
    found = fit(survival[:-1] * watched, -np.diff(survival) * watched)
    assert (found.alpha, found.beta) == pytest.approx((0.7, 1.2), rel=1e-4)


@given(shapes, shapes)
def test_survival_begins_at_one_falls_and_is_the_product_of_retention(alpha: float, beta: float) -> None:
    model, tenure = ShiftedBetaGeometric(alpha, beta, 0.0), np.arange(30)
    survival = model.survival(tenure)
    assert survival[0] == 1.0
    assert (np.diff(survival) < 0).all()
    assert (survival > 0).all()
    assert survival[1:] == pytest.approx(np.cumprod(model.retention(tenure[1:])), rel=1e-9)
    assert model.retention(np.array([1]))[0] == pytest.approx(1 - alpha / (alpha + beta))
    assert (np.diff(model.retention(tenure[1:])) > 0).all()


def test_the_residual_tenure_is_the_sum_of_survival_to_come() -> None:
    model, tenure = ShiftedBetaGeometric(3.0, 4.0, 0.0), np.array([0, 5])
    for outlived, expected in zip(tenure, model.expected_renewals(tenure, 12), strict=True):
        ahead = sum(model.survival(np.array(outlived + k)) for k in range(1, 13))
        assert expected == pytest.approx(ahead / model.survival(np.array(outlived)))
    assert model.expected_renewals(tenure).tolist() == [2.0, 4.5]
    assert model.expected_renewals(tenure, 20_000) == pytest.approx([2.0, 4.5], rel=1e-3)


def test_without_a_horizon_a_heavy_tail_has_no_mean() -> None:
    assert ShiftedBetaGeometric(1.0, 4.0, 0.0).expected_renewals(np.array([0, 3])).tolist() == [math.inf, math.inf]
    assert ShiftedBetaGeometric(1.0, 4.0, 0.0).expected_renewals(np.array([0]), 12)[0] < 12


def test_what_teaches_nothing_is_refused() -> None:
    with pytest.raises(CannotFit, match="only 2 contracts ended"):
        fit(np.array([50, 40]), np.array([2, 0]))
    with pytest.raises(CannotFit, match="no contract outlived"):
        fit(np.array([50]), np.array([50]))
    with pytest.raises(ValueError, match="none to all"):
        fit(np.array([5]), np.array([6]))
