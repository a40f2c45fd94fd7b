"""Playbooks together, against every way of giving each customer one action."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.actions.planning.together import Wanted, shared_out


def drawn(seed: int, customers: int = 4) -> list[Wanted]:
    random = np.random.default_rng(seed)
    found = []
    for name, offers in (("a", 1), ("b", 2)):
        who = np.flatnonzero(random.random(customers) < 0.8)
        found.append(
            Wanted(
                name,
                who,
                random.normal(1, 2, (offers, len(who))),
                np.zeros(offers),
                np.inf,
                float(random.integers(0, 4)),
            )
        )
    return found


def best_of_all(wanted: list[Wanted], customers: int = 4) -> float:
    actions = [(place, offer) for place, one in enumerate(wanted) for offer in range(len(one.profit))]
    best = 0.0
    for choice in product([None, *actions], repeat=customers):
        profit, contacts = 0.0, [0, 0]
        for who, action in enumerate(choice):
            if action is not None:
                own = wanted[action[0]]
                place = np.flatnonzero(own.customer == who)
                profit += float(own.profit[action[1], place[0]]) if len(place) else -np.inf
                contacts[action[0]] += 1
        if all(used <= one.capacity for used, one in zip(contacts, wanted, strict=True)):
            best = max(best, profit)
    return best


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_nobody_gets_two_actions_and_no_sharing_out_is_better(seed: int) -> None:
    wanted = drawn(seed)
    found = shared_out(wanted)
    assert found.profit == pytest.approx(best_of_all(wanted), abs=1e-6)
    assert found.bound >= found.profit - 1e-6
    assert sum(share.profit for share in found.shares) == pytest.approx(found.profit)
    assert all(share.customers <= one.capacity for share, one in zip(found.shares, wanted, strict=True))


def test_customers_whom_two_playbooks_want_are_counted() -> None:
    wanted = [
        Wanted(name, np.array(who), np.full((1, len(who)), gain), np.zeros(1), np.inf, np.inf)
        for name, who, gain in (("a", [0, 1, 2], 1.0), ("b", [2, 3], 5.0))
    ]
    found = shared_out(wanted)
    assert found.contested == 1
    assert found.profit == pytest.approx(12.0)
    assert [(share.customers, share.alone) for share in found.shares] == [(2, 3), (2, 2)]


def test_without_playbooks_there_is_nothing_to_share() -> None:
    assert shared_out([]).shares == ()
