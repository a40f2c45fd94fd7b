from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from foretell.backtest.metrics.calibration_line import CalibrationLine


def sample(rows: int = 2_000, slope: float = 0.7) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(4)
    logits = random.normal(size=rows) * 1.5
    actual = random.random(rows) < 1 / (1 + np.exp(-(0.2 + slope * logits)))
    return 1 / (1 + np.exp(-logits)), actual.astype(np.float64)


def test_the_line_is_the_unpenalised_logistic_regression() -> None:
    predicted, actual = sample()
    logits = np.log(predicted / (1 - predicted))[:, None]
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1_000).fit(logits, actual)
    assert CalibrationLine(predicted, actual).line == pytest.approx((oracle.intercept_[0], oracle.coef_[0, 0]), 1e-6)


def test_one_step_is_close_to_the_refit_of_a_replicate() -> None:
    predicted, actual = sample()
    random = np.random.default_rng(0)
    line = CalibrationLine(predicted, actual)
    for _ in range(20):
        rows = random.integers(0, len(actual), len(actual))
        refit = CalibrationLine(predicted[rows], actual[rows]).line
        assert refit is not None
        weights = np.bincount(rows, minlength=len(actual))[None].astype(float)
        assert line.slope(weights)[0] == pytest.approx(refit[1], abs=0.01)


def test_doubled_logits_have_half_the_slope() -> None:
    predicted, actual = sample()
    odds = (predicted / (1 - predicted)) ** 2
    equal = np.ones((1, len(actual)))
    once = CalibrationLine(predicted, actual).slope(equal)[0]
    assert CalibrationLine(odds / (1 + odds), actual).slope(equal)[0] == pytest.approx(once / 2, rel=1e-6)


@pytest.mark.parametrize(
    ("predicted", "actual"),
    [([0.5, 0.5, 0.5], [0, 1, 0]), ([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]), ([], [])],
    ids=["no spread", "separable", "no rows"],
)
def test_there_is_no_slope_without_a_likeliest_line(predicted: list[float], actual: list[float]) -> None:
    line = CalibrationLine(np.array(predicted, dtype=float), np.array(actual, dtype=float))
    assert np.isnan(line.slope(np.ones((1, len(actual)))))


def test_forecasts_of_zero_and_one_do_not_break_the_line() -> None:
    predicted, actual = sample(500)
    predicted[:3], predicted[3:6] = 0.0, 1.0
    assert np.isfinite(CalibrationLine(predicted, actual).slope(np.ones((1, 500)))[0])
