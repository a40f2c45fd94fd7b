"""Lifetime value: on the level of the forecast up to the horizon, on that of the process a year after it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.examples.examples import Examples
from foretell.forecasts.lifetime_value.lifetime_value import LifetimeValue, ValueTerms, fit, restored_lifetime_value

PLAIN = ValueTerms(1.0, 0.0)
SPENDS = st.lists(st.one_of(st.just(0.0), st.floats(1e-4, 1e9)), min_size=12, max_size=12)
TERMS = st.builds(ValueTerms, st.integers(0, 100).map(lambda percent: percent / 100), st.floats(0, 10))


@pytest.fixture(scope="module")
def today(examples: Examples) -> Examples:
    return examples.take(examples.cutoff == examples.cutoff.max())


@pytest.fixture(scope="module")
def fitted(today: Examples) -> LifetimeValue:
    found = fit(today, 60)
    assert found.process is not None
    return found


@pytest.fixture(scope="module", params=["process", "decay"])
def either(request: pytest.FixtureRequest, fitted: LifetimeValue) -> LifetimeValue:
    return fitted if request.param == "process" else replace(fitted, process=None)


@pytest.mark.parametrize("horizon", [1, 7, 45, 60, 90, 365, 700, 1095])
def test_at_the_horizon_the_curve_is_the_forecast(either: LifetimeValue, today: Examples, horizon: int) -> None:
    asked = replace(today, horizon_days=horizon)
    spend = np.linspace(0, 5_000, len(today))
    assert either.spend_within(asked, spend, horizon) == pytest.approx(spend, rel=1e-9, abs=1e-9)


def test_a_year_at_the_horizon_of_a_year_is_margin_times_the_forecast(either: LifetimeValue, today: Examples) -> None:
    asked = replace(today, horizon_days=365)
    spend = np.linspace(0, 5_000, len(today))
    assert either.worth(asked, spend, ValueTerms(0.3, 0.0))["clv_12m"] == pytest.approx(0.3 * spend)


def test_the_scale_holds_to_the_horizon_and_has_faded_a_year_later(fitted: LifetimeValue, today: Examples) -> None:
    horizon = today.horizon_days
    own = fitted.unscaled_spend(today, horizon)

    def within(factor: float, begin: float, end: float) -> np.ndarray:
        return fitted.spend_within(today, factor * own, end) - fitted.spend_within(today, factor * own, begin)

    month = 365 / 12
    spans = [(begin, begin + month) for begin in (*np.arange(12, 36) * month,)]
    assert within(4, 0, horizon) == pytest.approx(4 * within(1, 0, horizon))
    ratios = [float(np.median(within(4, *span) / within(1, *span))) for span in spans]
    faded = [ratio for ratio, (begin, end) in zip(ratios, spans, strict=True) if (begin + end) / 2 - horizon >= 365]
    assert faded == pytest.approx(np.ones(len(faded)), abs=1e-6)
    half_way = horizon + 365 / 2
    found = within(4, half_way - 15, half_way + 15) / within(1, half_way - 15, half_way + 15)
    assert found == pytest.approx(np.full(len(today), 2.0), rel=0.15)


def test_the_process_alone_is_the_curve_scaled_to_itself(fitted: LifetimeValue, today: Examples) -> None:
    own = fitted.unscaled_spend(today, today.horizon_days)
    assert fitted.spend_within(today, own, 900) == pytest.approx(fitted.unscaled_spend(today, 900), rel=1e-6)


def test_a_month_is_discounted_from_its_middle(fitted: LifetimeValue, today: Examples) -> None:
    asked = replace(today, horizon_days=365)
    spend = np.full(len(today), 100.0)
    ends = 365 / 12 * np.arange(13)
    curve = np.stack([np.zeros(len(today)), *(fitted.spend_within(asked, spend, end) for end in ends[1:])])
    weights = 1.1 ** (-(ends[1:] + ends[:-1]) / 2 / 365)
    told = replace(fitted, proved_days=365).worth(asked, spend, ValueTerms(1.0, 0.1))
    assert told["clv_12m"] == pytest.approx(weights @ np.diff(curve, axis=0))


@settings(max_examples=40, deadline=None)
@given(SPENDS, st.integers(1, 1_830), st.integers(0, 1_830), TERMS)
def test_never_nan_never_negative_never_decreasing(
    either: LifetimeValue,
    today: Examples,
    spends: list[float],
    horizon: int,
    proved: int,
    terms: ValueTerms,
) -> None:
    asked = replace(today.take(np.arange(12) * 20), horizon_days=horizon)
    spend = np.array(spends)
    told = replace(either, proved_days=proved).worth(asked, spend, terms)
    assert all(np.isfinite(values).all() and (values >= 0).all() for values in told.values())
    assert (told["clv_36m"] >= told["clv_12m"]).all()
    assert (told["clv_extrapolated_share"] <= 1).all()
    plain = either.worth(asked, spend, PLAIN)
    assert (told["clv_36m"] <= terms.margin * plain["clv_36m"] * (1 + 1e-9)).all()
    alone = [
        replace(either, proved_days=proved).worth(asked.take(np.array([row])), spend[row : row + 1], terms)
        for row in range(12)
    ]
    for name, values in told.items():
        assert b"".join(one[name].tobytes() for one in alone) == values.tobytes()


def test_the_extrapolated_share_is_what_no_cutoff_tested(either: LifetimeValue, today: Examples) -> None:
    spend = np.full(len(today), 50.0)
    whole = either.spend_within(today, spend, 1_095)
    for proved in (0, 30, 60, 1_095):
        told = replace(either, proved_days=proved).worth(today, spend, PLAIN)["clv_extrapolated_share"]
        tested = either.spend_within(today, spend, proved) if proved else np.zeros(len(today))
        assert told == pytest.approx(1 - tested / whole, abs=0.01)


def test_without_a_forecast_of_spend_nothing_is_worth_nan(either: LifetimeValue, today: Examples) -> None:
    told = either.worth(today, np.full(len(today), np.nan), PLAIN)
    assert all(np.isfinite(values).all() for values in told.values())


def only_first_orders(today: Examples) -> Examples:
    once = {**today.facts, "purchase_days": np.ones(len(today)), "repeat_value_mean": np.zeros(len(today))}
    return replace(today, facts=once)


def heavy_tailed(today: Examples) -> Examples:
    value = np.exp(4 * np.random.default_rng(1).standard_cauchy(len(today)).clip(-6, 6))
    return replace(today, facts={**today.facts, "repeat_value_mean": value})


@pytest.mark.parametrize("make", [only_first_orders, heavy_tailed])
def test_without_a_process_spend_decays_and_it_says_why(today: Examples, make: Callable[[Examples], Examples]) -> None:
    asked = make(today)
    found = fit(asked)
    assert found.process is None
    assert found.cannot
    spend = np.full(len(today), 10.0)
    curve = np.stack([found.spend_within(asked, spend, days) for days in (60, 120, 180)])
    months = np.diff(curve, axis=0)
    assert (months > 0).all()
    assert (months[1] < months[0]).all()
    assert (months[0] < curve[0]).all()


def test_nobody_has_spent_anything(today: Examples) -> None:
    found = fit(replace(today, facts={**today.facts, "lifetime_spend": np.zeros(len(today))}))
    assert "nobody has spent" in found.cannot
    assert not found.worth(today, np.zeros(len(today)), PLAIN)["clv_36m"].any()


def test_a_restored_object_gives_the_same_bytes(either: LifetimeValue, today: Examples) -> None:
    again = restored_lifetime_value(json.loads(json.dumps(either.state())))
    spend = np.full(len(today), 50.0)
    assert again == either
    for name, values in either.worth(today, spend, PLAIN).items():
        assert again.worth(today, spend, PLAIN)[name].tobytes() == values.tobytes()
