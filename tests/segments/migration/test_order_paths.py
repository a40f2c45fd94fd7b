"""Order paths: somebody orders within the horizon, what is read says so, and on average it is what the process says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.btyd.beta_geometric import BG_NBD, BetaGeometricParameters
from foretell.btyd.gamma_gamma import GammaGammaParameters, expected_value
from foretell.btyd.summary import in_weeks
from foretell.segments.lifecycle import Lifecycle
from foretell.segments.migration.order_paths import PATHS, OrderProcess, Ruled, order_paths, where_orders_lead
from foretell.segments.rfm import Rfm
from foretell.segments.standing import Standing
from foretell.segments.value import Value
from made_standings import Customer, populations, standing_of

SETS = (Rfm(), Lifecycle(), Value())
ORDERS = BetaGeometricParameters(0.6, 5.0, 0.7, 2.5, 0.0)
PROCESS = OrderProcess(ORDERS, GammaGammaParameters(6.0, 4.0, 15.0, 0.0), 1.0)


def aged(now: Standing, days: int) -> Standing:
    """The standing to which silence leads, of customers whose window holds no order any more."""
    facts = {name: now.facts[name] + days for name in ("silent_days", "observed_days")}
    return replace(now, facts={**now.facts, **facts, "orders": np.zeros(len(now)), "spend": np.zeros(len(now))})


@settings(max_examples=30)
@given(populations(20), st.sampled_from((1, 7, 90, 365)), st.sampled_from((30.0, 365.0)))
def test_who_orders_has_ordered_within_the_horizon(
    people: list[Customer], horizon_days: int, window_days: float
) -> None:
    now = standing_of(people, window_days)
    landing = aged(now, horizon_days)
    ends = list(order_paths(OrderProcess.of(now), now, landing, horizon_days))
    assert len(ends) == PATHS
    for end in ends:
        facts = end.facts
        assert ((facts["silent_days"] >= 0) & (facts["silent_days"] < horizon_days)).all()
        assert (facts["purchase_days"] >= now.facts["purchase_days"] + 1).all()
        assert (facts["lifetime_orders"] >= now.facts["lifetime_orders"] + 1).all()
        assert (facts["lifetime_spend"] >= now.facts["lifetime_spend"]).all()
        assert (facts["orders"] <= facts["lifetime_orders"]).all()
        assert (facts["last_gap_days"] >= 1).all()
        assert (np.isfinite(facts["gap_days"]) == (facts["purchase_days"] >= 3)).all()
        if window_days >= horizon_days:
            assert (facts["orders"] >= 1).all()
        for name, values in facts.items():
            assert np.isfinite(values).all() or name in ("gap_days", "observed_days"), name


@given(populations(20), populations(20))
def test_nobody_depends_on_who_else_is_there(people: list[Customer], others: list[Customer]) -> None:
    both, alone = (
        list(order_paths(PROCESS, now, aged(now, 90), 90))
        for now in (standing_of(people + others), standing_of(people))
    )
    for together, own in zip(both, alone, strict=True):
        for name, values in own.facts.items():
            np.testing.assert_array_equal(together.facts[name][: len(people)], values)


@pytest.mark.parametrize("horizon_days", [30, 90, 365])
def test_orders_and_spend_are_on_average_what_the_process_expects(horizon_days: int) -> None:
    people = [
        Customer(silent, 0, 0.0, days, days * worth, days, 20.0, 20.0, silent + 1 + 30.0 * (days - 1))
        for silent in (5, 40, 200)
        for days in (1, 2, 6, 20)
        for worth in (5.0, 40.0)
    ]
    now = standing_of(people)
    ends = list(order_paths(PROCESS, now, aged(now, horizon_days), horizon_days))
    count = np.mean([end.facts["purchase_days"] for end in ends], axis=0) - now.facts["purchase_days"]
    facts = now.facts
    past = in_weeks(facts["purchase_days"], facts["observed_days"] - 1 - facts["silent_days"], facts["observed_days"])
    weeks = horizon_days / 7
    comes = BG_NBD.probability_of_order(ORDERS, *past, weeks)
    np.testing.assert_allclose(count * comes, BG_NBD.expected_orders(ORDERS, *past, weeks), rtol=0.2)
    assert PROCESS.value is not None
    worth = expected_value(PROCESS.value, facts["purchase_days"], facts["lifetime_spend"] / facts["purchase_days"])
    spent = np.mean([end.facts["lifetime_spend"] for end in ends], axis=0) - facts["lifetime_spend"]
    np.testing.assert_allclose(spent / count, worth, rtol=0.25)


@settings(max_examples=20)
@given(populations(30), st.integers(1, 200))
def test_where_orders_lead_is_a_distribution_that_rules_out_nothing_possible(
    people: list[Customer], horizon_days: int
) -> None:
    now = standing_of(people)
    rules = [Ruled(group, group.fit(now), np.arange(len(group.segments)) != 2) for group in SETS]
    for rule, found in zip(
        rules, where_orders_lead(PROCESS, rules, now, aged(now, horizon_days), horizon_days), strict=True
    ):
        assert found is not None
        assert found.dtype == np.float32
        np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)
        assert (found[:, rule.possible] > 0).all()


def test_who_spends_more_is_led_higher_and_who_is_silent_for_longer_returns_later() -> None:
    poor, rich = Customer(5, 1, 0.0, 4, 20.0, 4, 20, 20, 66), Customer(5, 1, 0.0, 4, 4_000.0, 4, 20, 20, 66)
    now = standing_of([poor, rich])
    rule = Ruled(Value(), {"spend": [10.0, 50.0, 500.0]}, np.ones(5, dtype=bool))
    (found,) = where_orders_lead(PROCESS, [rule], now, aged(now, 90), 90)
    assert found is not None
    assert found[0].argmax() > found[1].argmax()
    assert found[1, 0] > 0.8


@pytest.mark.parametrize("spend", [0.0, 10.0])
def test_few_customers_are_told_by_plain_rates(spend: float) -> None:
    now = standing_of([Customer(3, 1, spend, 1, spend, 1, observed_days=4)])
    process = OrderProcess.of(now)
    assert process.orders.r == 1.0
    assert (process.value is None) == (spend == 0)
    ends = [end.facts for end in order_paths(process, now, aged(now, 30), 30)]
    assert all((end["lifetime_spend"] > spend).all() == (spend > 0) for end in ends)
