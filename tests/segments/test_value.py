"""Value tiers: who brings the first half of the revenue is on top, and who spends more is never lower."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given

from foretell.segments.value import TIERS, Value
from made_standings import Customer, populations, standing_of


def tier(one: Customer, people: list[Customer]) -> str:
    """The first tier whose share of the revenue those who spend more have not brought yet."""
    total = sum(other.spend for other in people)
    if one.spend == 0:
        return "None"
    before = sum(other.spend for other in people if other.spend > one.spend) / total
    return next(name for name, share, _ in TIERS if before < share)


def tiers_of(people: list[Customer]) -> list[str]:
    standing = standing_of(people)
    return [Value.segments[code] for code in Value().assign(standing, Value().fit(standing))]


@given(populations())
def test_tiers_are_shares_of_the_revenue_from_the_top(people: list[Customer]) -> None:
    whole = [Customer(spend=round(one.spend)) for one in people]
    assert tiers_of(whole) == [tier(one, whole) for one in whole]


@given(populations())
def test_more_spend_is_never_a_lower_tier(people: list[Customer]) -> None:
    rank = {name: place for place, name in enumerate(Value.segments)}
    found = sorted(zip((one.spend for one in people), tiers_of(people), strict=True))
    for (less, worse), (more, better) in pairwise(found):
        assert less == more or rank[worse] >= rank[better]


def test_four_customers() -> None:
    assert tiers_of([Customer(spend=spend) for spend in (50, 30, 15, 5, 0)]) == ["Top", "High", "Middle", "Low", "None"]


def test_where_nobody_spends_nobody_has_a_tier() -> None:
    free = [Customer(), Customer()]
    assert tiers_of(free) == ["None", "None"]
    later = Value().assign(standing_of([Customer(spend=1.0)]), Value().fit(standing_of(free)))
    assert Value.segments[later[0]] == "Low"
