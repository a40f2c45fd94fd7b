"""A summary tells how many are, were and will be in each segment, and says nothing where nothing is known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.answers.published import RunOverHorizon
from foretell.segments.membership import Memberships
from foretell.segments.migration.flows import Flows
from foretell.segments.movement.cut_points import KeptCuts
from foretell.segments.movement.outlook import SetOutlook
from foretell.segments.movement.proof import SetProof
from foretell.segments.movement.summary import OfDay, mean_by_segment, since_and_before, summary_of, told
from foretell.segments.profile import BEHAVIOUR
from foretell.segments.value import Value
from made_standings import Customer, standing_of

SIZE = len(Value().segments)
CODES = st.lists(st.tuples(st.integers(0, 2), st.floats(0, 1)), max_size=9)


@pytest.fixture
def day(shop_main: RunOverHorizon) -> OfDay:
    """Three customers: two at the top, one of whom spent nothing."""
    people = standing_of([Customer(spend=30.0), Customer(spend=10.0), Customer()])
    facts = {**people.facts, **{name: np.arange(3.0) for name in BEHAVIOUR}}
    cuts = KeptCuts(shop_main.plan.as_of, 365.0, {})
    return OfDay(shop_main.plan, replace(people, facts=facts), cuts, np.array([0.2, 0.6, 0.1]), "EUR")


def outlook(newcomers: np.ndarray | None = None) -> SetOutlook:
    chance = np.zeros((3, SIZE), dtype=np.float32)
    chance[:, 0], chance[:, 4] = (1.0, 0.5, 0.0), (0.0, 0.5, 1.0)
    keys = np.arange(3, dtype=np.uint64)
    return SetOutlook("value", Value().segments, "markov", keys, np.array([0, 0, 4]), chance, chance, newcomers, None)


@given(CODES)
def test_the_mean_of_a_segment_is_that_of_its_members(rows: list[tuple[int, float]]) -> None:
    found = mean_by_segment(np.array([code for code, _ in rows], dtype=np.int64), np.array([p for _, p in rows]), 3)
    for code, mean in enumerate(found):
        members = [value for own, value in rows if own == code]
        assert told(float(mean)) == (pytest.approx(sum(members) / len(members)) if members else None)


def test_what_is_no_number_is_not_told() -> None:
    assert told(math.nan) is None
    assert (told(0.0), told(np.float64(0.5))) == (0.0, 0.5)


def test_since_when_and_where_before_are_told_by_the_last_two_stays() -> None:
    keys = np.array([2, 2, 2, 5, 9, 9], dtype=np.uint64)
    found = Memberships(keys, np.array([0, 1, 0, 2, 1, 2]), np.array([0, 1, 3, 2, 0, 1]), np.zeros(6), np.zeros(6))
    since, before = since_and_before(found, (100, 200, 300, 400), 3)
    assert since.tolist() == [400, 300, 200]
    assert before.tolist() == [1, -1, 1]
    with pytest.raises(ValueError, match="3 customers have a segment, 4 are scored"):
        since_and_before(found, (100, 200, 300, 400), 4)


def test_without_a_past_nothing_is_said_of_it(day: OfDay) -> None:
    found = summary_of(Value(), outlook(), None, None, day)
    assert (found.segment_set, found.served, found.tests, found.best_baseline) == ("value", "markov", 0, None)
    assert found.reason == "The history is too short to test a forecast of segments."
    assert (found.ageing_share, found.coverage) == (None, None)
    assert found.as_of == found.fitted_on == day.plan.as_of_day()
    lines = {line.segment: line for line in found.segments}
    top, nothing, high = lines["Top"], lines["None"], lines["High"]
    assert (top.customers, top.spend, top.share_of_spend) == (2, 40.0, 1.0)
    assert top.p_purchase == pytest.approx(0.4)
    assert (top.expected, nothing.expected) == (1.5, 1.5)
    assert (high.customers, high.share_of_customers, high.p_purchase) == (0, 0.0, None)
    assert (top.customers_before, top.newcomers, top.share_ordered_next) == (None, None, None)
    assert all(line.low is not None and line.high is not None and line.low <= line.high for line in found.segments)
    assert [line.rule for line in found.segments] == list(Value.rules)


def test_with_a_past_it_is_told(day: OfDay) -> None:
    moved = np.zeros((SIZE, SIZE))
    moved[0, 4], moved[1, 1] = 2, 1
    past = Flows(moved, np.where(np.eye(SIZE) > 0, 0, moved / 2), moved, np.zeros(SIZE), np.zeros(SIZE))
    behind = {"markov": (0.2, 0.1, 0.3), "stays": (0.1, 0.0, 0.2)}
    proof = SetProof("value", 30, "markov", "it is best", (), behind, 3, 0.1, 0.2, 0.75)
    came = np.array([0.0, 0, 0, 6.0, 0])
    found = summary_of(Value(), outlook(came), proof, past, day)
    assert (found.reason, found.tests, found.coverage, found.ageing_share) == ("it is best", 3, 0.75, 0.5)
    assert found.best_baseline == "stays"
    assert [line.customers_before for line in found.segments] == [2, 1, 0, 0, 0]
    assert [line.newcomers for line in found.segments] == came.tolist()
