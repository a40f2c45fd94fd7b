"""The chances behind the ends of contracts are found again, and forecasts made of them are chances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn_contracts import ASKS, CONTRACTS, ENDS_ASKED, FAILS, LAST, LEAVES, PLANS
from foretell.forecasts.contracts.contracts import MONTH, NEVER
from foretell.forecasts.contracts.hazard import TENURES, learned
from foretell.forecasts.contracts.history import group_of, renewal_history

MODEL = learned(renewal_history(CONTRACTS, LAST))
RUNNING = CONTRACTS.take(CONTRACTS.is_running)


def test_the_planted_chances_are_recovered_by_plan_and_at_every_tenure() -> None:
    """Within four standard errors of the smallest count behind each."""
    for plan in range(2):
        row = int(np.searchsorted(MODEL.groups, group_of(CONTRACTS.take(np.array([plan]))))[0])
        assert PLANS[plan] == CONTRACTS.plan[plan]
        for rate, truth in ((MODEL.asking, ASKS[plan]), (MODEL.failing, FAILS[plan]), (MODEL.leaving, LEAVES)):
            found = rate.at(np.arange(len(TENURES)), np.full(len(TENURES), row))
            assert found == pytest.approx(np.full(len(TENURES), truth), rel=0.4)
    at_once, later = MODEL.after_asking
    assert at_once == pytest.approx(ENDS_ASKED, abs=0.03)
    assert later < 0.02


def test_who_asked_lately_ends_and_who_asked_long_ago_stays() -> None:
    chance = MODEL.ends(RUNNING, LAST, 1).chance[:, 0]
    asked = RUNNING.asked_at < NEVER
    fresh = asked & (RUNNING.ask_renewal > np.floor(RUNNING.intervals_until(LAST)))
    assert fresh.sum() > 20
    assert (chance[fresh] > 0.8).all()
    assert (chance[asked & ~fresh] < 0.02).all()
    assert (chance[~asked] < 0.2).all()


def test_the_less_of_an_interval_is_left_the_less_can_still_be_asked() -> None:
    early, late = (
        MODEL.ends(RUNNING.take(np.array([0])), int(RUNNING.started_at[0] + share * MONTH), 1).chance[0, 0]
        for share in (0.05, 0.95)
    )
    assert late < early


@given(st.integers(1, 40), st.floats(0, 60))
def test_the_chances_of_ending_are_parts_of_one(ahead: int, months: float) -> None:
    at = int(RUNNING.started_at[:30].max() + months * MONTH)
    told = MODEL.ends(RUNNING.take(np.arange(30)), at, ahead)
    assert (told.chance >= 0).all()
    assert (told.chance.sum(axis=1) <= 1 + 1e-12).all()
    assert told.failed is not None
    assert (told.failed >= 0).all()
    assert (told.failed <= told.chance + 1e-12).all()


def test_the_order_of_rows_does_not_matter() -> None:
    order = np.random.default_rng(1).permutation(len(CONTRACTS))
    shuffled = learned(renewal_history(CONTRACTS.take(order), LAST))
    assert shuffled.asking.of_tenure.tolist() == MODEL.asking.of_tenure.tolist()
    mixed = np.random.default_rng(2).permutation(len(RUNNING))
    assert (
        shuffled.ends(RUNNING.take(mixed), LAST, 5).chance.tolist()
        == MODEL.ends(RUNNING, LAST, 5).chance[mixed].tolist()
    )


def test_a_small_plan_is_held_to_the_mean() -> None:
    few = CONTRACTS.plan.copy()
    few[:4] = 99
    alone = learned(
        renewal_history(
            type(CONTRACTS)(*(few if name == "plan" else value for name, value in vars(CONTRACTS).items())), LAST
        )
    )
    place = int(np.searchsorted(alone.groups, group_of(CONTRACTS.take(np.array([0]))) ^ 11 ^ 99)[0])
    assert 0.5 < alone.asking.of_group[place] < 2
