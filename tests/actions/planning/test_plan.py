"""Expected profit of those who would be contacted, with its interval."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.drawn_from.playbooks_made import made_playbook
from foretell.actions.planning.effect import Effect, guessed
from foretell.actions.planning.plan import expected_profit
from foretell.actions.planning.steering import Steering, unsteered
from foretell.actions.planning.worth import Expected, worth_of

NARROW = Effect(0.05, 0.045, 0.055, "experiment", "measured", 9_000)
PLAYBOOK = made_playbook(offers=("letter", "voucher"))


def people(count: int, seed: int, spread: float = 1.0) -> Expected:
    random = np.random.default_rng(seed)
    orders = random.gamma(1, 0.5, count)
    return Expected(
        1 - np.exp(-orders), orders, orders * random.gamma(3, 10, count), np.zeros(count), np.full(count, spread)
    )


def alike(count: int) -> Steering:
    return unsteered(("letter", "voucher"), count, "a guess")


@given(st.integers(1, 30), st.integers(0, 1_000), st.floats(0.001, 0.2))
def test_parts_add_up_and_the_interval_holds_the_effects_ends(count: int, seed: int, added: float) -> None:
    expected, offer = people(count, seed), np.arange(count) % 2
    worth, effect = worth_of(PLAYBOOK, expected, 0.4), guessed(PLAYBOOK, added)
    found = expected_profit(worth, expected, offer, effect, alike(count))
    assert found.profit == pytest.approx(found.gain - found.anyway - found.contacts)
    ends = [float(worth.profit(one)[offer, np.arange(count)].sum()) for one in (effect.low, effect.high)]
    assert found.low <= min(ends) + 1e-9
    assert found.high >= max(ends) - 1e-9
    if found.pays_from is not None:
        assert float(worth.profit(found.pays_from)[offer, np.arange(count)].sum()) == pytest.approx(0, abs=1e-6)


def test_a_narrower_effect_and_less_scatter_narrow_the_interval() -> None:
    offer = np.zeros(50, dtype=np.int64)
    wide, calm = people(50, 1, spread=20.0), people(50, 1, spread=0.0)
    of = [
        expected_profit(worth_of(PLAYBOOK, who, 0.4), who, offer, effect, alike(50))
        for who, effect in (
            (wide, guessed(PLAYBOOK, 0.05)),
            (calm, guessed(PLAYBOOK, 0.05)),
            (calm, NARROW),
        )
    ]
    widths = [one.high - one.low for one in of]
    assert widths[0] > widths[1] > widths[2] > 0


def test_what_an_order_brings_may_be_less_than_it_costs() -> None:
    expected, offer = people(20, 2), np.ones(20, dtype=np.int64)
    assert (
        expected_profit(worth_of(PLAYBOOK, expected, 0.05), expected, offer, guessed(PLAYBOOK), alike(20)).pays_from
        is None
    )


def test_nobody_contacted_brings_nothing() -> None:
    expected = people(0, 1)
    found = expected_profit(
        worth_of(PLAYBOOK, expected, 0.4), expected, np.zeros(0, np.int64), guessed(PLAYBOOK), alike(0)
    )
    assert (found.profit, found.low, found.high, found.pays_from) == (0.0, 0.0, 0.0, 0.0)


def test_customers_count_with_their_own_effect_and_how_sure_that_is_widens_the_interval() -> None:
    expected, offer = people(40, 3, spread=0.0), np.zeros(40, dtype=np.int64)
    worth, apart = worth_of(PLAYBOOK, expected, 0.4), np.linspace(-0.02, 0.04, 40)
    steering = replace(alike(40), apart=np.vstack([apart, apart]))
    plain = expected_profit(worth, expected, offer, NARROW, steering)
    by_hand = np.minimum(NARROW.added + apart, worth.room) * worth.gain[0]
    assert plain.gain == pytest.approx(by_hand.sum())
    unsure = expected_profit(worth, expected, offer, NARROW, replace(steering, moves=steering.apart / 2))
    assert (unsure.profit, unsure.pays_from) == (plain.profit, plain.pays_from)
    more = 1.96 * (worth.gain[0] * apart / 2).sum()
    assert unsure.profit - unsure.low == pytest.approx(np.hypot(plain.profit - plain.low, more))
