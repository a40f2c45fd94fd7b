"""The worth of a contact, against the same told one customer at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.drawn_from.playbooks_made import LETTER, VOUCHER, made_playbook
from foretell.actions.planning.worth import Expected, worth_of
from foretell.actions.playbook import Playbook

SHARE = st.floats(0, 1)
MONEY = st.floats(0, 1_000)


def expected(chance: float, orders: float, spend: float, lifetime: float = 0.0) -> Expected:
    return Expected(*(np.array([one]) for one in (chance, orders, spend, lifetime, 1.0)))


def told_one_by_one(playbook: Playbook, one: Expected, margin: float, effect: float) -> list[float]:
    """Profit of each offer for one customer, in words turned into arithmetic."""
    chance, orders, spend = float(one.chance[0]), float(one.orders[0]), float(one.spend[0])
    found = []
    for offer in playbook.offers:
        order = spend / orders if orders > 1e-9 else 0.0
        off = min(offer.share_off * order + offer.money_off, order)
        added = min(effect, 1 - chance)
        anyway = orders * offer.valid_days / playbook.window_days
        found.append(added * (order * margin - off) - off * anyway - offer.cost)
    return found


@given(SHARE, MONEY, MONEY, SHARE, SHARE)
def test_worth_is_what_is_added_less_cost_and_what_is_taken_off_anyway(
    chance: float, orders: float, spend: float, margin: float, effect: float
) -> None:
    playbook, one = made_playbook(offers=("letter", "voucher")), expected(chance, orders, spend)
    found = worth_of(playbook, one, margin).profit(effect)[:, 0]
    assert found.tolist() == pytest.approx(told_one_by_one(playbook, one, margin, effect), rel=1e-9, abs=1e-6)


def test_a_discount_for_those_who_come_anyway_loses_money() -> None:
    playbook = made_playbook(offers=("voucher",), window="30d")
    loyal, quiet = expected(0.95, 3.0, 300.0), expected(0.05, 0.05, 5.0)
    assert worth_of(playbook, loyal, 0.4).profit(0.02)[0, 0] == pytest.approx(
        0.02 * (40 - 10) - 10 * 3 * 15 / 30 - VOUCHER.cost
    )
    assert worth_of(playbook, loyal, 0.4).profit(0.02)[0, 0] < -14
    assert worth_of(playbook, quiet, 0.4).profit(0.02)[0, 0] > 0.02


def test_who_stays_is_worth_a_year_where_that_is_more_than_an_order() -> None:
    one = expected(0.5, 1.0, 100.0, lifetime=90.0)
    assert worth_of(made_playbook(goal="staying", offers=("letter",)), one, 0.4).gain.item() == 90
    assert worth_of(made_playbook(goal="orders", offers=("letter",)), one, 0.4).gain.item() == 40
    unknown = expected(0.5, 1.0, 100.0, lifetime=float("nan"))
    assert worth_of(made_playbook(goal="staying", offers=("letter",)), unknown, 0.4).gain.item() == 40


def test_money_of_a_contact_is_its_cost_and_what_it_takes_off() -> None:
    assert worth_of(made_playbook(), expected(0.5, 1.0, 100.0), 0.4).money.item() == 0
    assert worth_of(made_playbook(offers=("letter",)), expected(0.5, 1.0, 1.0), 1).money.item() == LETTER.cost
