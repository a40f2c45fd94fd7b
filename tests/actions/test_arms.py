"""Arms are exact in size, alike in each stratum, the same for the same draw, and leave nobody without a chance."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.actions.arms import (
    AT_RANDOM,
    Draw,
    first_arms,
    later_arms,
    meant_for,
    meant_offers,
    random_offers,
    seats_of,
    treated_within,
    triggered_arms,
)

COUNT = 2_000
PEOPLE = pa.array([f"{number}" for number in range(COUNT)])
STRATA = np.array([("high", "low", "middle, rare")[0 if n % 3 else 1 if n % 7 else 2] for n in range(COUNT)])
FACT = np.random.default_rng(0).normal(size=COUNT)


def campaign(number: int) -> Draw:
    return Draw(7, "win back", f"campaign {number}")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.floats(0, 1), st.floats(0, 1, exclude_max=True))
def test_seats_are_exact_and_each_stratum_gets_its_quota_but_for_one(
    sizes: list[int], share: float, start: float
) -> None:
    count = sum(sizes)
    total = round(count * share)
    seats = seats_of(np.array(sizes), total, start)
    assert seats.sum() == total
    quota = np.array(sizes) * total / max(count, 1)
    assert ((seats >= np.floor(quota)) & (seats <= np.ceil(quota))).all()


def test_more_seats_than_customers_are_refused() -> None:
    with pytest.raises(ValueError, match="5 seats for 4"):
        seats_of(np.array([4]), 5, 0.0)


def test_a_first_campaign_treats_exactly_its_places_in_every_stratum_alike() -> None:
    arms = first_arms(campaign(1), PEOPLE, STRATA, places=700, holdout=0.1)
    assert (arms.treated.sum(), len(arms), set(arms.propensity)) == (700, COUNT, {700 / COUNT})
    for name in np.unique(STRATA):
        own = name == STRATA
        assert abs(arms.treated[own].sum() - own.sum() * 0.35) < 1
    assert set(arms.offer[arms.treated]) == {0}
    assert set(arms.offer[~arms.treated]) == {-1}
    assert first_arms(campaign(1), PEOPLE, STRATA, places=COUNT, holdout=0.1).treated.sum() == 0.9 * COUNT


def test_arms_are_alike_in_what_is_not_looked_at_and_campaigns_are_independent() -> None:
    draws = [first_arms(campaign(number), PEOPLE, STRATA, COUNT, 0.5).treated for number in range(200)]
    differences = np.array([FACT[one].mean() - FACT[~one].mean() for one in draws])
    expected = 2 / np.sqrt(COUNT)
    assert abs(differences.mean()) < 4 * expected / np.sqrt(len(draws))
    assert differences.std() == pytest.approx(expected, rel=0.25)
    together = np.array([(one == two).mean() for one, two in zip(draws[1:], draws, strict=False)])
    assert abs(together.mean() - 0.5) < 4 * 0.5 / np.sqrt(COUNT * len(together))
    chance = np.mean(draws, axis=0)
    assert chance.std() == pytest.approx(0.5 / np.sqrt(len(draws)), rel=0.1)


def test_a_stratum_of_one_has_the_chance_of_all() -> None:
    people, strata = PEOPLE.slice(0, 5), np.array(["alone", "alone too", "rest", "rest", "rest"])
    drawn = np.array([treated_within(campaign(number), people, strata, 2) for number in range(600)])
    assert (drawn.sum(axis=1) == 2).all()
    assert np.abs(drawn.mean(axis=0) - 0.4).max() < 4 * np.sqrt(0.24 / 600)


@pytest.mark.parametrize("kind", ["batch", "triggered"])
def test_the_order_of_rows_does_not_matter(kind: str) -> None:
    def arms(rows: np.ndarray) -> dict[str, bool]:
        people = PEOPLE.take(pa.array(rows))
        batch = first_arms(campaign(1), people, STRATA[rows], 900, 0.1)
        found = batch if kind == "batch" else triggered_arms(campaign(1), people, STRATA[rows], 0.3)
        return dict(zip(people.to_pylist(), found.treated.tolist(), strict=True))

    rows = np.arange(COUNT)
    assert arms(rows) == arms(np.random.default_rng(1).permutation(rows))


def test_whoever_comes_later_changes_no_triggered_arm() -> None:
    few = triggered_arms(campaign(1), PEOPLE.slice(0, 500), STRATA[:500], 0.2)
    all_of_them = triggered_arms(campaign(1), PEOPLE, STRATA, 0.2)
    assert few.treated.tolist() == all_of_them.treated[:500].tolist()
    assert set(all_of_them.propensity) == {0.8}
    assert abs(all_of_them.treated.mean() - 0.8) < 4 * np.sqrt(0.16 / COUNT)


def test_a_later_campaign_keeps_some_of_the_chosen_aside_and_explores_the_others() -> None:
    chosen = np.arange(COUNT) < 400
    arms = later_arms(campaign(2), PEOPLE, STRATA, chosen, holdout=0.25, explored=20)
    at_random = np.array([name.startswith(AT_RANDOM) for name in arms.stratum])
    assert (np.sort(arms.rows) == arms.rows).all()
    assert (arms.rows[~at_random] == np.flatnonzero(chosen)).all()
    assert (arms.treated[~at_random].sum(), arms.treated[at_random].sum(), at_random.sum()) == (300, 20, 40)
    assert (set(arms.propensity[~at_random]), set(arms.propensity[at_random])) == ({0.75}, {0.5})
    times = np.zeros(COUNT)
    for number in range(60):
        times[later_arms(campaign(number), PEOPLE, STRATA, chosen, 0.25, 200).rows] += 1
    assert abs(times[~chosen].mean() / 60 - 0.25) < 1e-9
    assert times[~chosen].std() == pytest.approx(np.sqrt(60 * 0.25 * 0.75), rel=0.1)
    everybody = later_arms(campaign(2), PEOPLE, STRATA, np.ones(COUNT, bool), 0.25, 20)
    assert (len(everybody), everybody.treated.sum()) == (COUNT, 1_500)


def test_several_offers_are_meant_alike_and_never_for_somebody_whom_they_may_not_reach() -> None:
    draw = campaign(3)
    reach = np.random.default_rng(2).random((3, COUNT)) < 0.5
    reach[1, ~reach.any(axis=0)] = True
    meant = random_offers(draw, PEOPLE, reach)
    assert reach[meant, np.arange(COUNT)].all()
    free = reach.all(axis=0)
    assert np.abs(np.bincount(meant[free]) / free.sum() - 1 / 3).max() < 4 * np.sqrt(2 / 9 / free.sum())


def test_each_offer_has_a_control_of_its_own() -> None:
    draw, offers = campaign(3), ["post", "news; for post"]
    meant = random_offers(draw, PEOPLE, np.ones((2, COUNT), dtype=bool))
    told = meant_for(STRATA, offers, meant)
    arms = first_arms(draw, PEOPLE, told, 1_000, 0.5)
    assert (meant_offers(arms.stratum, offers) == meant).all()
    for own in range(2):
        assert abs(arms.treated[meant == own].sum() - (meant == own).sum() / 2) <= len(np.unique(STRATA))
    assert meant_for(STRATA, ["letter"], meant * 0) is STRATA
    assert meant_offers(STRATA, ["letter"]).tolist() == [0] * COUNT
    assert set(meant_offers(STRATA, offers)) == {-1}


def test_nobody_is_no_campaign() -> None:
    nobody = pa.array([], pa.string())
    assert len(first_arms(campaign(1), nobody, np.array([], str), 10, 0.1)) == 0
    assert len(later_arms(campaign(1), nobody, np.array([], str), np.array([], bool), 0.1, 3)) == 0
