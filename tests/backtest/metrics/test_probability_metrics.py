from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    f1_score,
    log_loss,
    precision_score,
    recall_score,
    roc_auc_score,
)

from foretell.backtest.metrics.probability_metrics import CalibrationLine, ProbabilityPanel

EXACT: dict[str, Any] = {"rel": 1e-12, "abs": 1e-12}
Rows = tuple[np.ndarray, np.ndarray, np.ndarray]


@st.composite
def weighted_rows(draw: st.DrawFn, *, coarse: bool = True) -> Rows:
    rows = draw(st.integers(2, 60))
    score = st.integers(0, 8).map(lambda i: i / 8) if coarse else st.floats(0, 1)
    predicted = np.array(draw(st.lists(score, min_size=rows, max_size=rows)))
    actual = np.array(draw(st.lists(st.booleans(), min_size=rows, max_size=rows)), dtype=np.float64)
    weights = np.array(draw(st.lists(st.integers(0, 4), min_size=rows, max_size=rows)), dtype=np.float64)
    assume(0 < (weights * actual).sum() < weights.sum())
    return predicted, actual, weights


def measured(predicted: np.ndarray, actual: np.ndarray, weights: np.ndarray | None = None) -> dict[str, float]:
    counted = np.ones(len(actual)) if weights is None else weights
    values = ProbabilityPanel(predicted, actual, threshold=0.5).measure(counted[None])
    return {name: float(value[0]) for name, value in values.items()}


@given(st.one_of(weighted_rows(), weighted_rows(coarse=False)))
def test_agrees_with_scikit_learn_ties_and_weights_included(rows: Rows) -> None:
    predicted, actual, weights = rows
    ours = measured(predicted, actual, weights)
    given_weights = {"sample_weight": weights}
    assert ours["auroc"] == pytest.approx(roc_auc_score(actual, predicted, **given_weights), **EXACT)
    precision = average_precision_score(actual, predicted, **given_weights)
    assert ours["average_precision"] == pytest.approx(precision, **EXACT)
    both = np.stack([1 - predicted, predicted], axis=1)
    assert ours["log_loss"] == pytest.approx(log_loss(actual, both, labels=[0, 1], **given_weights), **EXACT)
    assert ours["brier"] == pytest.approx(brier_score_loss(actual, predicted, **given_weights), **EXACT)


@given(weighted_rows())
def test_the_threshold_metrics_agree_with_scikit_learn(rows: Rows) -> None:
    predicted, actual, weights = rows
    ours = measured(predicted, actual, weights)
    selected = (predicted >= 0.5).astype(float)
    expected = {
        name: score(actual, selected, sample_weight=weights, zero_division=np.nan)
        for name, score in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score))
    }
    for name, value in expected.items():
        assert ours[name] == pytest.approx(value, nan_ok=True, **EXACT)


@given(weighted_rows())
def test_a_weight_is_a_number_of_copies(rows: Rows) -> None:
    predicted, actual, weights = rows
    copies = np.repeat(np.arange(len(actual)), weights.astype(int))
    weighted, copied = measured(predicted, actual, weights), measured(predicted[copies], actual[copies])
    for name in set(weighted) - {"calibration_error", "calibration_slope"}:
        assert weighted[name] == pytest.approx(copied[name], nan_ok=True, **EXACT)


@given(weighted_rows())
def test_many_sets_of_weights_at_once_give_what_each_gives_alone(rows: Rows) -> None:
    predicted, actual, weights = rows
    sets = np.stack([weights, np.ones_like(weights), np.zeros_like(weights)])
    together = ProbabilityPanel(predicted, actual, 0.5).measure(sets)
    for row, counted in enumerate(sets):
        alone = measured(predicted, actual, counted)
        for name, values in together.items():
            assert values[row] == pytest.approx(alone[name], nan_ok=True, **EXACT)


@given(weighted_rows())
def test_a_monotone_transform_leaves_the_ranking_metrics(rows: Rows) -> None:
    predicted, actual, weights = rows
    before, after = measured(predicted, actual, weights), measured(predicted**3 / 2, actual, weights)
    for name in ("auroc", "average_precision", "lift_at_5_percent", "lift_at_10_percent", "lift_at_20_percent"):
        assert before[name] == after[name]


@given(weighted_rows())
def test_turning_scores_round_turns_auroc_round(rows: Rows) -> None:
    predicted, actual, weights = rows
    turned = measured(1 - predicted, actual, weights)["auroc"]
    assert measured(predicted, actual, weights)["auroc"] == pytest.approx(1 - turned, **EXACT)


def test_lift_takes_the_best_twentieth_tenth_and_fifth() -> None:
    predicted = np.arange(100) / 100
    actual = np.zeros(100)
    actual[[99, 98, 97, 93, 85, 10, 11, 12, 13, 14]] = 1
    ours = measured(predicted, actual)
    assert ours["lift_at_5_percent"] == pytest.approx(3 / 5 / 0.1)
    assert ours["lift_at_10_percent"] == pytest.approx(4 / 10 / 0.1)
    assert ours["lift_at_20_percent"] == pytest.approx(5 / 20 / 0.1)


def test_equal_scores_have_no_lift() -> None:
    ours = measured(np.full(40, 0.3), np.tile([1.0, 0.0, 0.0, 0.0], 10))
    assert ours["lift_at_10_percent"] == pytest.approx(1.0)
    assert ours["auroc"] == 0.5


def test_calibration_error_is_the_mean_distance_over_fifteen_bins() -> None:
    random = np.random.default_rng(3)
    predicted, actual = random.random(150), (random.random(150) < 0.4).astype(float)
    bins = np.argsort(predicted).reshape(15, 10)
    expected = np.mean([abs(predicted[b].mean() - actual[b].mean()) for b in bins])
    assert measured(predicted, actual)["calibration_error"] == pytest.approx(expected, **EXACT)


@settings(max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.sampled_from([0.0, 1.0]))
def test_one_class_has_no_value_in_any_metric(predicted: list[float], only: float) -> None:
    values = measured(np.array(predicted), np.full(len(predicted), only))
    assert all(np.isnan(value) for value in values.values())


def test_without_a_threshold_there_are_no_threshold_metrics() -> None:
    panel = ProbabilityPanel(np.array([0.2, 0.8]), np.array([0.0, 1.0]))
    assert not {"precision", "recall", "f1"} & set(panel.measure(np.ones((1, 2))))


def test_nobody_selected_has_no_precision() -> None:
    values = measured(np.array([0.1, 0.2, 0.3]), np.array([0.0, 1.0, 0.0]))
    assert np.isnan(values["precision"])
    assert values["recall"] == 0.0
    assert values["f1"] == 0.0


def test_certainty_that_was_wrong_costs_much_but_not_infinity() -> None:
    values = measured(np.array([0.0, 1.0]), np.array([1.0, 0.0]))
    assert 30 < values["log_loss"] < 40


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
