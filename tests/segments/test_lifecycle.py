"""Lifecycle: the stage as the rules tell it, worked out customer by customer."""

from __future__ import annotations

import math
from statistics import median

import pytest
from hypothesis import given

from foretell.segments.lifecycle import Lifecycle
from made_standings import Customer, populations, standing_of


def usual_gap(one: Customer, everybodys: float) -> float:
    """The weighted geometric mean of the own and everybody's gap, a week at least."""
    weight = one.purchase_days - 1 if not math.isnan(one.gap_days) else 0
    own = max(one.gap_days, 1) if weight else 1
    log_gap = (weight * math.log(own) + 2 * math.log(max(everybodys, 7))) / (weight + 2)
    return max(math.exp(log_gap), 7)


def stage(one: Customer, everybodys: float) -> str:
    """The rules, one after the other."""
    gap = usual_gap(one, everybodys)
    silence = one.silent_days / gap
    if one.silent_days > 365 or silence > 10:
        return "Lost"
    for most, name in ((5, "Dormant"), (3, "At risk"), (1.5, "Cooling")):
        if silence > most:
            return name
    if one.last_gap_days > 5 * gap:
        return "Returned"
    return {1: "New", 2: "Promising"}.get(int(one.purchase_days), "Active")


@given(populations())
def test_the_stage_is_what_the_rules_say(people: list[Customer]) -> None:
    gaps = [one.gap_days for one in people if not math.isnan(one.gap_days)]
    everybodys = median(gaps) if gaps else 30.0
    standing = standing_of(people)
    cuts = Lifecycle().fit(standing)
    assert cuts == {"gap_days": [everybodys]}
    found = [Lifecycle.segments[code] for code in Lifecycle().assign(standing, cuts)]
    assert found == [stage(one, everybodys) for one in people]


@pytest.mark.parametrize(
    ("customer", "expected"),
    [
        (Customer(0), "New"),
        (Customer(45), "New"),
        (Customer(46), "Cooling"),
        (Customer(91), "At risk"),
        (Customer(151), "Dormant"),
        (Customer(301), "Lost"),
        (Customer(0, purchase_days=2, last_gap_days=20), "Promising"),
        (Customer(0, purchase_days=2, last_gap_days=151), "Returned"),
        (Customer(0, purchase_days=9, gap_days=30, last_gap_days=30), "Active"),
        (Customer(366, purchase_days=90, gap_days=300, last_gap_days=300), "Lost"),
    ],
)
def test_where_the_usual_gap_is_30_days(customer: Customer, expected: str) -> None:
    code = Lifecycle().assign(standing_of([customer]), {"gap_days": [30.0]})[0]
    assert Lifecycle.segments[code] == expected
