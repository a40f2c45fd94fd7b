"""What a campaign changed and what that was worth, where the truth is planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretell.outcomes.campaign import as_json, bounds, compared, explored_rows, money_of, profit_of, taken
from foretell.project.parts.actions import OfferPart
from outcomes.results_made import ADDED, COST, PRICE, drawn, outcomes, result


def test_the_interval_holds_the_planted_effect_and_the_money_follows_from_it() -> None:
    found = result()
    orders, profit, money = found.of("orders"), found.of("profit"), found.money
    assert orders is not None
    assert profit is not None
    assert orders.low is not None
    assert orders.high is not None
    assert orders.low < ADDED < orders.high
    assert (money.contacts, money.cost, money.everybody) == (2_000, 2_000 * COST, 4_000)
    assert money.orders == pytest.approx((orders.effect or 0) * 2_000)
    assert money.low is not None
    assert money.high is not None
    assert money.low < 2_000 * (ADDED * PRICE - COST) < money.high
    assert money.of_all == pytest.approx(2 * (money.profit or 0))
    assert found.goal == orders
    assert as_json(found)["money"]["profit"] == money.profit


def test_intervals_of_no_effect_hold_nothing_in_most_draws() -> None:
    missed = 0
    for seed in range(60):
        who = drawn(400, seed=seed)
        found = outcomes(who, added=0.0, seed=seed + 1_000)
        one = compared(who, found, found.spend, 400)
        assert one is not None
        orders = next(own for own in one.comparisons if own.outcome == "orders")
        assert orders.low is not None
        assert orders.high is not None
        missed += not orders.low <= 0 <= orders.high
    assert missed <= 9


def test_before_all_windows_are_over_the_bounds_are_those_of_every_look_and_half_windows_do_not_count() -> None:
    early = result(drawn(complete=0.5))
    orders = early.of("orders")
    assert orders is not None
    assert (orders.n_control + orders.n_arm, early.is_ripe) == (2_000, False)
    assert bounds(orders, early.is_ripe) == (orders.always_low, orders.always_high)
    assert orders.always_low is not None
    assert orders.low is not None
    assert orders.always_low < orders.low
    assert early.money.contacts == int(((drawn().arm == "treated") & drawn(complete=0.5).complete).sum())


def test_arms_that_lost_customers_make_no_claim() -> None:
    who = drawn()
    kept = ~((who.arm == "control") & (np.arange(4_000) % 3 == 0))
    found = compared(who.taken(kept), taken(outcomes(who), kept), np.zeros(int(kept.sum())))
    assert found is not None
    assert all(one.is_stopped for one in found.comparisons)


def test_without_a_control_nothing_is_compared() -> None:
    who = drawn(share=1.0)
    found = compared(who, outcomes(who), np.zeros(4_000))
    money = money_of(who, found, is_ripe=True)
    assert (found, money.profit, money.contacts) == (None, None, 4_000)


def test_what_offers_took_off_comes_off_in_full() -> None:
    who, margin = drawn(6), 0.4
    found = outcomes(who)
    offer = OfferPart(name="voucher", channel="email", takes_off="10 %")
    profit, told = profit_of(who, found, {"voucher": offer}, margin)
    for row in range(6):
        off = found.spend[row] / 0.9 * 0.1 if who.arm[row] == "treated" else 0.0
        expected = margin * (found.spend[row] + off) - off - who.cost[row]
        assert profit[row] == pytest.approx(expected)
    assert "counts as using it" in told
    money = offer.model_copy(update={"takes_off": 2.0})
    fixed, _ = profit_of(who, found, {"voucher": money}, 1.0)
    assert fixed == pytest.approx(found.spend - who.cost)
    assert profit_of(who, found, {"voucher": offer.model_copy(update={"takes_off": 0.0})}, 1.0)[1] == ""
    said, told = profit_of(who, replace(found, discount=np.full(6, 3.0)), {"voucher": offer}, margin)
    assert said == pytest.approx(margin * (found.spend + 3) - 3 - who.cost)
    assert "told by the orders" in told


def test_whom_nobody_chose_is_known_by_the_stratum() -> None:
    who = drawn(4)
    named = replace(who, stratum=np.array(["at random: x", "x", "x", "at random: y"], dtype=object))
    assert explored_rows(named).tolist() == [True, False, False, True]


def test_a_result_is_called_beside_others() -> None:
    assert (result().is_called, result().called(True, 2).is_called, result().called(True, 2).beside) == (False, True, 2)
