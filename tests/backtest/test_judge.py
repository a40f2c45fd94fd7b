from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.backtest.forecast import Forecast, Measured
from foretell.backtest.judge import judge
from foretell.project.intervals import parse_day
from foretell.project.objectives import Kind

Maker = Callable[..., Forecast]
KINDS: tuple[Kind, ...] = ("probability", "count", "amount")


def by_metric(measured: list[Measured], slice_name: str = "all") -> dict[str, Measured]:
    return {row.metric: row for row in measured if row.slice == slice_name}


@pytest.mark.parametrize("kind", KINDS)
def test_every_slice_has_every_metric_with_its_interval(forecast_of: Maker, kind: Kind) -> None:
    forecast = forecast_of(kind, noise=0.5)
    measured = judge([forecast], seed=1)
    assert by_metric(measured).keys() == by_metric(measured, "active").keys()
    for row in measured:
        assert row.value is not None
        assert row.low is not None
        assert row.high is not None
        assert row.low <= row.value <= row.high
        assert row.low < row.high
        rows = forecast.slices[row.slice]
        assert row.n == rows.sum()
        assert row.positives == (forecast.actual[rows] > 0).sum()


def test_some_slices_are_measured_as_all_of_them_are(forecast_of: Maker) -> None:
    forecasts = [forecast_of(noise=0.5), forecast_of("count", noise=0.5)]
    whole = judge(forecasts, seed=1)
    assert judge(forecasts, seed=1, slices=("active", "no such")) == [row for row in whole if row.slice == "active"]
    assert judge(forecasts, seed=1, slices=()) == []


def test_probabilities_amounts_and_counts_have_their_metrics(forecast_of: Maker) -> None:
    assert set(by_metric(judge([forecast_of()], seed=1))) >= {
        "auroc", "average_precision", "log_loss", "brier", "calibration_error", "calibration_slope",
        "lift_at_5_percent", "lift_at_10_percent", "lift_at_20_percent", "precision", "recall", "f1",
    }  # fmt: skip
    assert set(by_metric(judge([forecast_of("amount")], seed=1))) >= {
        "mae", "rmse", "bias", "normalised_gini", "decile_error", "tweedie_deviance",
        "interval_coverage", "interval_width", "interval_score", "share_above_high",
    }  # fmt: skip
    assert "poisson_deviance" in by_metric(judge([forecast_of("count")], seed=1))


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_rows_changes_nothing(
    forecast_of: Maker, shuffled: Callable[[Forecast], Forecast], kind: Kind
) -> None:
    coarse = replace(forecast_of(kind), predicted=forecast_of(kind).predicted.round(1))
    assert judge([coarse], seed=3, replicates=20) == judge([shuffled(coarse)], seed=3, replicates=20)


def test_the_same_seed_gives_the_same_intervals_and_another_does_not(forecast_of: Maker) -> None:
    forecast = forecast_of()
    assert judge([forecast], seed=3) == judge([forecast], seed=3)
    assert by_metric(judge([forecast], seed=3))["auroc"] != by_metric(judge([forecast], seed=4))["auroc"]


def test_a_forecast_is_judged_the_same_whoever_is_judged_beside_it(forecast_of: Maker) -> None:
    one, other = forecast_of(), forecast_of(model="other", noise=1.0)
    together = judge([other, one], seed=1, replicates=20)
    assert [row for row in together if row.model == "ours"] == judge([one], seed=1, replicates=20)


def test_cutoffs_are_days_of_the_timezone(forecast_of: Maker) -> None:
    forecast = replace(forecast_of(), cutoff=parse_day("2011-06-12", "Europe/London"))
    assert {row.cutoff for row in judge([forecast], 1, 2, timezone="Europe/London")} == {"2011-06-12"}
    assert {row.cutoff for row in judge([forecast], 1, 2)} == {"2011-06-11"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", ["no rows in the slice", "nothing happened", "not a number"])
def test_what_cannot_be_computed_has_no_value(forecast_of: Maker, kind: Kind, case: str) -> None:
    forecast = forecast_of(kind, rows=40)
    broken = {
        "no rows in the slice": replace(forecast, slices={"all": np.zeros(40, dtype=bool)}),
        "nothing happened": replace(forecast, actual=np.zeros(40)),
        "not a number": replace(forecast, predicted=np.where(np.arange(40) == 3, np.nan, forecast.predicted)),
    }[case]
    measured = judge([broken], seed=1)
    assert measured
    assert {(row.value, row.low, row.high) for row in measured} == {(None, None, None)}


def test_one_bad_model_does_not_sink_the_others(forecast_of: Maker) -> None:
    bad = replace(forecast_of(model="bad"), predicted=np.full(300, np.nan))
    measured = judge([bad, forecast_of()], seed=1, replicates=20)
    assert all(row.value is not None for row in measured if row.model == "ours")


def test_a_slice_with_one_positive_has_a_value_without_an_interval(forecast_of: Maker) -> None:
    forecast = forecast_of(rows=30)
    actual = (np.arange(30) == 4).astype(float)
    row = by_metric(judge([replace(forecast, actual=actual)], seed=1))["auroc"]
    assert row.value is not None
    assert (row.low, row.high) == (None, None)


def test_intervals_of_more_than_twenty_thousand_customers_are_as_wide_as_all_would_give(forecast_of: Maker) -> None:
    forecast = forecast_of(rows=50_000)
    brier = by_metric(judge([forecast], seed=1))["brier"]
    errors = (forecast.predicted - forecast.actual) ** 2
    assert brier.n == 50_000
    assert brier.value == pytest.approx(errors.mean(), rel=1e-12)
    assert brier.high is not None
    assert brier.low is not None
    assert brier.high - brier.low == pytest.approx(2 * 1.645 * errors.std() / np.sqrt(50_000), rel=0.2)


def test_intervals_hold_the_true_value_about_as_often_as_they_say(forecast_of: Maker) -> None:
    true = by_metric(judge([forecast_of(rows=200_000, noise=0.5, seed=99)], seed=1, replicates=1))["auroc"].value
    assert true is not None
    found = [by_metric(judge([forecast_of(noise=0.5, seed=seed)], seed=1))["auroc"] for seed in range(60)]
    held = np.mean([row.low <= true <= row.high for row in found if row.low is not None and row.high is not None])
    assert 0.8 <= held <= 1.0


def test_no_forecasts_give_no_rows() -> None:
    assert judge([], seed=1) == []


@st.composite
def any_forecast(draw: st.DrawFn) -> Forecast:
    kind = draw(st.sampled_from(KINDS))
    rows = draw(st.integers(0, 12))

    def column(values: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=rows, max_size=rows)), dtype=np.float64)

    share = st.floats(0, 1) | st.sampled_from([0.0, 0.5, 1.0])
    amount = st.floats(0, 1e12) | st.sampled_from([0.0, 1.0, math.nan, math.inf])
    outcome = {
        "probability": st.sampled_from([0.0, 1.0]),
        "count": st.integers(0, 5).map(float),
        "amount": st.floats(-1e12, 1e12) | st.just(0.0),
    }[kind]
    has_interval = kind == "amount" and draw(st.booleans())
    keys = draw(st.lists(st.integers(0, 2**64 - 1), min_size=rows, max_size=rows, unique=True))
    return Forecast(
        "any", kind, 30, 0, "model", np.array(keys, dtype=np.uint64),
        column(share if kind == "probability" else amount), column(outcome),
        {"all": np.ones(rows, dtype=bool), "some": column(st.sampled_from([0.0, 1.0])) > 0},
        threshold=0.5 if kind == "probability" else None,
        median=column(amount) if has_interval else None,
        low=np.zeros(rows) if has_interval else None,
        high=column(amount) if has_interval else None,
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(any_forecast())
@pytest.mark.filterwarnings("error")
def test_whatever_is_judged_gives_finite_numbers_or_none_in_any_order_of_rows(forecast: Forecast) -> None:
    measured = judge([forecast], seed=1, replicates=15)
    for row in measured:
        numbers = [number for number in (row.value, row.low, row.high) if number is not None]
        assert all(map(math.isfinite, numbers))
        if row.low is not None and row.value is not None and row.high is not None:
            assert row.low <= row.value <= row.high
    order = np.argsort(forecast.customer_key)[::-1]
    turned: dict[str, Any] = {
        name: None if values is None else values[order]
        for name in ("customer_key", "predicted", "actual", "median", "low", "high")
        for values in [getattr(forecast, name)]
    }
    slices = {name: mask[order] for name, mask in forecast.slices.items()}
    assert judge([replace(forecast, **turned, slices=slices)], seed=1, replicates=15) == measured
