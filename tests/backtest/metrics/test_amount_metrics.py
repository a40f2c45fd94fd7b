from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import mean_absolute_error, roc_auc_score, root_mean_squared_error

from foretell.backtest.metrics.amount_metrics import AmountPanel

EXACT: dict[str, Any] = {"rel": 1e-12, "abs": 1e-12}
Rows = tuple[np.ndarray, np.ndarray, np.ndarray]


@st.composite
def weighted_rows(draw: st.DrawFn, most: int = 50, least_amount: int = -20) -> Rows:
    rows = draw(st.integers(2, most))
    predicted = np.array(draw(st.lists(st.integers(0, 9), min_size=rows, max_size=rows)), dtype=np.float64)
    actual = np.array(draw(st.lists(st.integers(least_amount, 99), min_size=rows, max_size=rows)), dtype=np.float64)
    weights = np.array(draw(st.lists(st.integers(0, 4), min_size=rows, max_size=rows)), dtype=np.float64)
    assume((weights * np.abs(actual)).sum() > 0)
    return predicted, actual, weights


def panel(predicted: np.ndarray, actual: np.ndarray) -> AmountPanel:
    median, low, high = predicted / 2, predicted / 4, predicted * 2 + 1
    return AmountPanel("amount", predicted, actual, median=median, low=low, high=high)


def measured(predicted: np.ndarray, actual: np.ndarray, weights: np.ndarray | None = None) -> dict[str, float]:
    values = panel(predicted, actual).measure((np.ones(len(actual)) if weights is None else weights)[None])
    return {name: float(value[0]) for name, value in values.items()}


def gini(actual_in_ascending_order: np.ndarray) -> float:
    """The Gini of the usual recipe: one half minus the mean share held by the lowest."""
    rows, total = len(actual_in_ascending_order), actual_in_ascending_order.sum()
    return (rows + 1) / (2 * rows) - float(np.cumsum(actual_in_ascending_order).sum() / total / rows)


@given(weighted_rows())
def test_errors_agree_with_scikit_learn(rows: Rows) -> None:
    predicted, actual, weights = rows
    ours = measured(predicted, actual, weights)
    median_error = mean_absolute_error(actual, predicted / 2, sample_weight=weights)
    assert ours["mae"] == pytest.approx(median_error, **EXACT)
    squared = root_mean_squared_error(actual, predicted, sample_weight=weights)
    assert ours["rmse"] == pytest.approx(squared, **EXACT)
    assert ours["bias"] == pytest.approx(np.average(predicted - actual, weights=weights), **EXACT)


def test_without_a_median_the_absolute_error_is_that_of_the_mean() -> None:
    values = AmountPanel("count", np.array([1.0, 3.0]), np.array([2.0, 0.0])).measure(np.ones((1, 2)))
    assert values["mae"].tolist() == [2.0]
    assert "poisson_deviance" in values
    assert "interval_coverage" not in values


@given(weighted_rows())
def test_a_weight_is_a_number_of_copies(rows: Rows) -> None:
    predicted, actual, weights = rows
    copies = np.repeat(np.arange(len(actual)), weights.astype(int))
    weighted, copied = measured(predicted, actual, weights), measured(predicted[copies], actual[copies])
    for name in set(weighted) - {"decile_error", "tweedie_deviance"}:
        assert weighted[name] == pytest.approx(copied[name], nan_ok=True, rel=1e-9, abs=1e-9)


@settings(max_examples=40)
@given(weighted_rows(most=6, least_amount=0))
def test_gini_of_tied_forecasts_is_the_mean_over_their_orders(rows: Rows) -> None:
    predicted, actual, _ = rows
    assume(len(set(actual)) > 1)
    orders = [list(o) for o in permutations(range(len(actual))) if (np.diff(predicted[list(o)]) >= 0).all()]
    expected = np.mean([gini(actual[order]) for order in orders]) / gini(np.sort(actual))
    assert measured(predicted, actual)["normalised_gini"] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(weighted_rows())
def test_gini_of_a_yes_or_no_is_twice_auroc_minus_one(rows: Rows) -> None:
    predicted, actual, weights = rows
    bought = (actual > 30).astype(float)
    assume(0 < (weights * bought).sum() < weights.sum())
    expected = 2 * roc_auc_score(bought, predicted, sample_weight=weights) - 1
    assert measured(predicted, bought, weights)["normalised_gini"] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(weighted_rows(), st.sampled_from([2.0, 0.25, 4096.0]))
def test_the_money_scale_leaves_all_that_has_no_unit(rows: Rows, scale: float) -> None:
    predicted, actual, weights = rows
    once = AmountPanel("amount", predicted, actual, low=predicted / 4, high=predicted * 2)
    scaled = AmountPanel(
        "amount", predicted * scale, actual * scale, low=predicted / 4 * scale, high=predicted * 2 * scale
    )
    names = ("normalised_gini", "decile_error", "relative_bias", "interval_coverage", "share_above_high")
    before, after = once.measure(weights[None], names), scaled.measure(weights[None], names)
    for name in names:
        np.testing.assert_array_equal(before[name], after[name])


@given(weighted_rows())
def test_a_perfect_forecast_has_gini_one_and_no_error(rows: Rows) -> None:
    _, actual, weights = rows
    ours = measured(actual, actual, weights)
    assert ours["rmse"] == ours["bias"] == 0
    varies = len(set(actual[weights > 0])) > 1
    assert ours["normalised_gini"] == pytest.approx(1.0 if varies else np.nan, nan_ok=True)


def test_decile_error_compares_the_totals_of_tenths() -> None:
    random = np.random.default_rng(2)
    predicted, actual = random.gamma(1, 10, 200), random.gamma(1, 12, 200)
    tenths = np.argsort(predicted).reshape(10, 20)
    gaps = [abs(predicted[t].sum() - actual[t].sum()) for t in tenths]
    expected = np.mean(gaps) / (actual.sum() / 10)
    assert measured(predicted, actual)["decile_error"] == pytest.approx(expected, **EXACT)


def test_interval_metrics_by_hand() -> None:
    predicted = np.array([4.0, 4.0, 4.0, 4.0])
    actual = np.array([0.0, 5.0, 12.0, 2.0])
    low, high = np.array([0.0, 1.0, 1.0, 3.0]), np.array([5.0, 6.0, 10.0, 7.0])
    values = AmountPanel("amount", predicted, actual, low=low, high=high).measure(np.ones((1, 4)))
    assert values["interval_coverage"][0] == 0.5
    assert values["interval_coverage_of_buyers"][0] == pytest.approx(1 / 3)
    assert values["share_above_high"][0] == 0.25
    assert values["interval_width"][0] == (5 + 5 + 9 + 4) / 4
    assert values["interval_score"][0] == pytest.approx((5 + 5 + (9 + 10 * 2) + (4 + 10 * 1)) / 4)


def test_where_nothing_happened_no_metric_has_a_value() -> None:
    assert all(np.isnan(value) for value in measured(np.array([1.0, 2.0]), np.zeros(2)).values())


def test_a_total_of_refunds_has_no_relative_error() -> None:
    values = measured(np.array([1.0, 2.0]), np.array([-5.0, 2.0]))
    assert np.isnan(values["relative_bias"])
    assert np.isnan(values["decile_error"])
    assert values["bias"] == 3.0
