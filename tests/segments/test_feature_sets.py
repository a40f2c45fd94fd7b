"""Sets that features decide put everybody where the rule or the nearest centre says, at any date."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretell.project.declaration import SegmentPart
from foretell.segments.clusters import Groups, Scale, groups_of_json
from foretell.segments.declared import declared_sets
from foretell.segments.feature_sets import DiscoveredSet, RuleSet
from foretell.segments.profile import BEHAVIOUR
from foretell.segments.standing import Standing
from made_standings import Customer, standing_of

ZERO, ONE = np.zeros(len(BEHAVIOUR)), np.ones(len(BEHAVIOUR))
TRENDS = st.lists(st.none() | st.floats(-5, 5), max_size=8)
GROUPS = Groups(("Group A", "Group B"), np.array([-2 * ONE, 2 * ONE]), Scale(-9 * ONE, 9 * ONE, ZERO, ZERO, ONE), (), 2)
PARTS = [
    SegmentPart(set="pace", name="quicker", when="orders_trend_90d > 1"),
    SegmentPart(set="pace", name="slower", when="orders_trend_90d < -1 or spend_365d = 0"),
]
PACE = RuleSet(declared_sets(PARTS, {"orders_trend_90d": "number", "spend_365d": "number"})[0])


def standing(trends: list[float | None], others: float = 9.0) -> Standing:
    """Customers of whom one feature differs; None where it is null."""
    trend = np.array([np.nan if one is None else one for one in trends], dtype=np.float64)
    plain = standing_of([Customer()] * len(trends))
    facts = {name: np.full(len(trends), others) for name in BEHAVIOUR} | {"orders_trend_90d": trend}
    return replace(plain, facts={**plain.facts, **facts})


@given(TRENDS)
def test_the_first_rule_that_holds_decides_and_nothing_is_fitted(trends: list[float | None]) -> None:
    people = standing(trends)
    cuts = PACE.fit(people)
    assert cuts == {}
    told = [2 if one is None else 0 if one > 1 else 1 if one < -1 else 2 for one in trends]
    assert PACE.assign(people, cuts).tolist() == told


def test_a_rule_set_tells_its_segments_and_what_it_reads() -> None:
    assert (PACE.name, PACE.segments) == ("pace", ("quicker", "slower", "other"))
    assert PACE.features == ("orders_trend_90d", "spend_365d")
    assert PACE.rules == ("orders_trend_90d > 1", "orders_trend_90d < -1 or spend_365d = 0", "who fits none of these")
    assert (PACE.is_ordered, dict(PACE.levels)) == (False, {})
    assert PACE.assign(standing([2.0, 0.0], others=0.0), {}).tolist() == [0, 1]


@given(TRENDS)
def test_a_customer_is_in_the_nearest_group_whoever_else_is_there(trends: list[float | None]) -> None:
    found = DiscoveredSet(GROUPS)
    people = standing(trends)
    codes = found.assign(people, found.fit(people))
    assert codes.tolist() == GROUPS.assign(people.facts).tolist()
    assert codes.tolist() == [int(found.assign(standing([one]), {})[0]) for one in trends]


def test_who_does_much_and_who_does_nothing_are_in_different_groups() -> None:
    found = DiscoveredSet(GROUPS)
    assert found.assign(standing([9.0], others=500.0), {}).tolist() == [1]
    assert found.segments == ("Group A", "Group B")
    assert found.rules == ("nearest to the centre of this group",) * 2
    assert (found.name, found.features, found.is_ordered) == ("discovered", BEHAVIOUR, False)


def test_what_is_kept_of_a_day_is_the_groups_as_they_were_found() -> None:
    kept = groups_of_json(DiscoveredSet(GROUPS).fit(standing([1.0])))
    assert kept is not None
    assert repr(kept) == repr(GROUPS)
