"""Policies by their laws: one budget for all, the truth is the best, and nothing costs nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretell.pipeline.simulation.asked import COST, MARGIN
from foretell.pipeline.simulation.policies import (
    BEST,
    BY_RISK,
    EVERYBODY,
    IN_ORDER,
    NOTHING,
    OURS,
    PLANNED,
    POLICIES,
    RANDOM,
    RIVALS,
    Choosing,
    earned,
)


@st.composite
def choosings(draw: st.DrawFn) -> Choosing:
    count = draw(st.integers(1, 12))
    spend = draw(st.lists(st.integers(-40, 80), min_size=count, max_size=count))
    chance = draw(st.lists(st.integers(0, 9), min_size=count, max_size=count))
    places = draw(st.integers(0, 14))
    treated = np.zeros(count, dtype=bool)
    treated[: min(places, count)] = True
    treated = np.array(draw(st.permutations(treated.tolist())))
    chosen = np.array(draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    return Choosing(np.array(spend, dtype=float), np.array(chance) / 10, treated, chosen, places)


@given(choosings())
def test_all_have_the_same_money_and_none_is_better_than_the_truth(week: Choosing) -> None:
    found = earned(week)
    assert list(found) == list(POLICIES)
    places = min(week.places, len(week.chance))
    for name in (RANDOM, IN_ORDER, BY_RISK):
        assert found[name].contacts == np.float64(places) or abs(found[name].contacts - places) < 1e-9
    for name in (*RIVALS, OURS, PLANNED):
        assert found[name].contacts <= places + 1e-9
        assert found[name].profit <= found[BEST].profit + 1e-9
    assert found[EVERYBODY].contacts == len(week.chance)
    assert (found[NOTHING].contacts, found[NOTHING].profit) == (0, 0)


@given(choosings())
def test_random_is_the_mean_of_every_choice_and_risk_takes_the_least_likely(week: Choosing) -> None:
    found, places = earned(week), min(week.places, len(week.chance))
    by_hand = [MARGIN * one - COST for one in week.extra_spend]
    assert abs(found[RANDOM].profit - places * float(np.mean(by_hand))) < 1e-6
    assert abs(found[OURS].profit - sum(own for own, one in zip(by_hand, week.treated, strict=True) if one)) < 1e-6
    least = sorted(range(len(by_hand)), key=lambda row: (week.chance[row], row))[:places]
    assert abs(found[BY_RISK].profit - sum(by_hand[row] for row in least)) < 1e-6
