from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import f1_score, precision_recall_curve

from foretell.backtest.curves import best_f1_threshold, calibration_table, gains_curve, threshold_curve

scored = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=60).map(
    lambda rows: (np.array([p / 12 for p, _ in rows]), np.array([float(a) for _, a in rows]))
)
Scored = tuple[np.ndarray, np.ndarray]


@given(scored)
def test_the_bins_hold_every_customer_once(rows: Scored) -> None:
    predicted, actual = rows
    table = calibration_table(predicted, actual)
    assert table.customers.sum() == len(actual)
    assert (table.customers * table.actual).sum() == pytest.approx(actual.sum())
    assert (table.customers * table.predicted).sum() == pytest.approx(predicted.sum())
    assert (np.diff(table.predicted) > 0).all()
    assert ((table.low <= table.actual + 1e-12) & (table.actual <= table.high + 1e-12)).all()


def test_the_interval_of_a_rate_is_wilsons() -> None:
    actual = np.array([1.0] * 3 + [0.0] * 17)
    table = calibration_table(np.full(20, 0.2), actual)
    expected = binomtest(3, 20).proportion_ci(0.90, method="wilson")
    assert (table.low[0], table.high[0]) == pytest.approx((expected.low, expected.high), rel=1e-9)


def test_the_interval_of_a_mean_amount_comes_from_its_spread() -> None:
    actual = np.array([10.0, 30.0, 20.0, 40.0])
    table = calibration_table(np.full(4, 25.0), actual)
    half = 1.6448536 * actual.std(ddof=1) / 2
    assert (table.low[0], table.high[0]) == pytest.approx((25 - half, 25 + half))


def test_no_rows_have_no_bins() -> None:
    assert len(calibration_table(np.empty(0), np.empty(0)).customers) == 0


@given(scored)
def test_gains_rise_from_nothing_to_all_below_the_best(rows: Scored) -> None:
    curve = gains_curve(*rows, points=21)
    if curve is None:
        assert rows[1].sum() == 0
        return
    assert curve.share_of_outcome[[0, -1]] == pytest.approx([0, 1])
    assert (np.diff(curve.share_of_outcome) >= -1e-12).all()
    assert (curve.share_of_outcome <= curve.best + 1e-12).all()


def test_tied_forecasts_gain_along_the_diagonal() -> None:
    curve = gains_curve(np.full(8, 0.5), np.array([1.0, 0, 0, 5, 0, 0, 2, 0]), points=5)
    assert curve is not None
    assert curve.share_of_outcome.tolist() == curve.share_of_customers.tolist()
    assert curve.best.tolist() == pytest.approx([0, 7 / 8, 1, 1, 1])


@given(scored)
def test_the_threshold_curve_is_scikit_learns(rows: Scored) -> None:
    predicted, actual = rows
    curve = threshold_curve(predicted, actual, points=None)
    if not actual.any():
        assert np.isnan(curve.recall).all()
        return
    precision, recall, thresholds = precision_recall_curve(actual, predicted)
    np.testing.assert_allclose(curve.threshold, thresholds[::-1])
    np.testing.assert_allclose(curve.precision, precision[:-1][::-1], rtol=1e-12)
    np.testing.assert_allclose(curve.recall, recall[:-1][::-1], rtol=1e-12)


def test_a_long_threshold_curve_is_thinned_and_keeps_both_ends() -> None:
    predicted = np.random.default_rng(0).random(5_000)
    actual = (predicted > 0.5).astype(float)
    curve, whole = threshold_curve(predicted, actual, points=50), threshold_curve(predicted, actual, points=None)
    assert len(curve.threshold) == len(curve.f1) == 50
    assert curve.threshold[[0, -1]].tolist() == whole.threshold[[0, -1]].tolist()
    positions = np.searchsorted(-whole.threshold, -curve.threshold)
    assert curve.f1.tolist() == whole.f1[positions].tolist()


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
