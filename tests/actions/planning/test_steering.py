"""A plan steered by customers' own effects earns more where effects differ, and is not steered where they do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from actions.drawn_from.playbooks_made import made_playbook
from foretell.actions.planning.choice import choice_of
from foretell.actions.planning.steering import Experience, Steering, steering_of, thinned, unsteered
from foretell.actions.planning.worth import Worth
from foretell.uplift.trial import Worth as OnAverage

NAMES = ("orders_life", "days_since_last_order")
GAIN, COST, RATE = 20.0, 1.0, 0.2
WORTH = OnAverage(GAIN, np.array([0.0, COST]))
OFTEN, SELDOM = 0.22, -0.04


def facts(count: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.column_stack([random.poisson(3, count), random.exponential(60, count)]).astype(np.float64)


def true_effect(known: np.ndarray, differs: bool) -> np.ndarray:
    """Who has ordered often is won by a contact, others are put off; or all are won alike."""
    if not differs:
        return np.full(len(known), 0.08)
    return np.where(known[:, 0] >= 4, OFTEN, SELDOM)


def experience(differs: bool, count: int = 1_600, seed: int = 5) -> Experience:
    """A campaign of which one half was treated at random."""
    random, known = np.random.default_rng(seed), facts(count, seed)
    treated = random.random(count) < 0.5
    ordered = random.random(count) < RATE + treated * true_effect(known, differs)
    ids = pa.array([f"c{row}" for row in range(count)])
    none = np.zeros(count, dtype=bool)
    return Experience(ids, np.zeros(count, np.int64), treated, ordered, np.full(count, 0.5), none, known)


def earned(steering: Steering, known: np.ndarray, differs: bool) -> float:
    """True profit of whom a plan chooses by the average effect that the campaign measured, and by the steering."""
    past = experience(differs)
    average = past.ordered[past.treated].mean() - past.ordered[~past.treated].mean()
    shape = (1, len(known))
    worth = Worth(np.full(shape, GAIN), np.zeros(shape), np.full(shape, COST), np.full(len(known), 1 - RATE))
    playbook = made_playbook(offers=("letter",), capacity=300)
    chosen = choice_of(playbook, worth, average + steering.apart, np.ones(shape, bool)).chosen().customers
    return float((GAIN * true_effect(known, differs) - COST)[chosen].sum())


def test_where_effects_differ_a_plan_by_them_earns_more_than_one_by_the_average() -> None:
    known = facts(1_000, seed=9)
    found = steering_of(experience(differs=True), known, NAMES, ["letter"], [WORTH], seed=1)
    assert found.by_customer
    alike = unsteered(["letter"], len(known), "for comparison")
    best = 285 * (GAIN * OFTEN - COST)
    assert earned(found, known, differs=True) > 0.9 * best > 1.5 * earned(alike, known, differs=True)
    assert found.apart[0][known[:, 0] >= 4].mean() > 0.1 > found.apart[0][known[:, 0] < 4].mean()
    assert abs(found.apart.mean()) < 0.03
    assert "Each customer" in found.words()[0]
    assert found.as_json()["offers"][0]["customers"] == 1_600


def test_where_all_are_won_alike_everybody_counts_with_the_average() -> None:
    known = facts(100, seed=9)
    found = steering_of(experience(differs=False), known, NAMES, ["letter"], [WORTH], seed=1)
    assert (found.by_customer, found.as_json()["used"]) == (False, "the average")
    assert not found.apart.any()
    assert "nothing shows that effects differ" in found.words()[0]


def test_each_offer_is_told_by_those_who_were_meant_to_get_it() -> None:
    past = experience(differs=True)
    past = replace(past, meant=np.where(np.arange(len(past)) < 150, 1, -1))
    offers = ["letter", "news", "voucher"]
    found = steering_of(past, facts(10, 1), NAMES, offers, [WORTH, WORTH, WORTH], seed=1)
    assert [one.customers for one in found.offers] == [0, 150, 0]
    assert all("too few people" in one.why for one in found.offers)
    assert found.apart.shape == (3, 10)
    assert len(found.words()) == 3
    plenty = replace(past, meant=np.zeros(len(past), np.int64))
    lost = steering_of(plenty, facts(10, 1), NAMES, ["letter"], [OnAverage(-1.0, np.zeros(2))], seed=1)
    assert "brings less" in lost.offers[0].why


@pytest.mark.parametrize("other", [0.2, 0.9])
def test_rows_with_another_chance_are_thinned_to_that_of_most(other: float) -> None:
    count = 6_000
    chance = np.where(np.arange(count) < 4_000, 0.5, other)
    treated = np.random.default_rng(3).random(count) < chance
    past = replace(
        experience(differs=False, count=count), propensity=chance, treated=treated, explored=np.arange(count) >= 4_000
    )
    kept = thinned(past, seed=2)
    assert set(kept.propensity.tolist()) == {0.5}
    assert (~kept.explored).sum() == 4_000
    share = kept.treated[kept.explored].mean()
    assert abs(share - 0.5) < 4 * 0.5 / np.sqrt(kept.explored.sum())
    sure = thinned(replace(past, propensity=np.where(past.explored, 1.0, 0.5)), seed=2)
    assert not sure.explored.any()
    assert len(thinned(past.taken(np.zeros(count, bool)), seed=2)) == 0
