"""The interval of a coming total is as wide as past totals were missed, and holds as often as it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.answers.published import RunOverHorizon
from foretell.backtest.forecast import Forecast
from foretell.forecasts.orders.coming import coming, coming_total

Maker = Callable[..., Forecast]


def missed(one: Forecast, share: float) -> Forecast:
    """A forecast whose total was missed by a share."""
    return replace(one, predicted=one.predicted * one.actual.sum() / one.predicted.sum() / (1 + share))


def test_totals_that_were_missed_widen_the_interval(forecast_of: Maker) -> None:
    one = forecast_of("count", rows=4_000)
    near, far = (coming(one.predicted, [missed(one, share)] * 4, True) for share in (0.02, 0.4))
    assert far.high / far.low > 1.5 * (near.high / near.low)
    assert near.low < near.total < near.high
    assert near.tests == 4


def test_an_unseen_season_and_a_further_horizon_widen_it_too(forecast_of: Maker) -> None:
    one = forecast_of("amount", rows=2_000)
    tests = [missed(one, 0.05)] * 2
    usual = coming(one.predicted, tests, True)
    assert coming(one.predicted, tests, False).high > usual.high
    assert coming(one.predicted, tests, True, 2.0).high > usual.high
    assert coming(one.predicted, [], True).high > one.predicted.sum()
    assert coming(np.zeros(3), tests, True).high == 0.0


def test_four_of_five_totals_lie_within(forecast_of: Maker) -> None:
    random, held = np.random.default_rng(3), 0
    one = forecast_of("count", rows=3_000)
    for _ in range(300):
        shares = np.expm1(random.normal(0, 0.12, 5))
        found = coming(one.predicted, [missed(one, share) for share in shares[:4]], True)
        held += found.low <= found.total * (1 + shares[4]) <= found.high
    assert held / 300 == pytest.approx(0.8, abs=0.08)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20))
def test_it_is_finite_and_holds_the_total(predicted: list[float]) -> None:
    found = coming(np.array(predicted), [], False)
    assert 0 <= found.low <= found.total * (1 + 1e-12)
    assert found.total <= found.high * (1 + 1e-12)
    assert np.isfinite(found.high)


def test_it_is_told_of_who_serves(shop_main: RunOverHorizon) -> None:
    orders = shop_main.scores["expected_orders"].to_numpy()
    found = coming_total(orders, "orders", shop_main.proof, shop_main.plan)
    assert found.tests == len(shop_main.plan.proving.tests if shop_main.plan.proving else ())
    assert found.total == pytest.approx(orders.sum())
    assert found.low < found.total < found.high
