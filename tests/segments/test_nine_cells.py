"""Nine cells: the mean of the two scores and the recency, worked out by ranks."""

from __future__ import annotations

from hypothesis import given

from foretell.segments.nine_cells import NineCells
from made_standings import Customer, populations, standing_of


def score(value: float, values: list[float]) -> int:
    twice = 2 * sum(other < value for other in values) + sum(other == value for other in values)
    return min(5 * twice // (2 * len(values)) + 1, 5)


@given(populations())
def test_the_cell_is_that_of_the_ranks(people: list[Customer]) -> None:
    standing = standing_of(people)
    codes = NineCells().assign(standing, NineCells().fit(standing))
    silences = [-one.silent_days for one in people]
    orders, spends = [one.lifetime_orders for one in people], [one.lifetime_spend for one in people]
    for one, code in zip(people, codes, strict=True):
        recency = score(-one.silent_days, silences)
        mean = (score(one.lifetime_orders, orders) + score(one.lifetime_spend, spends)) / 2
        row = "Recent" if recency >= 4 else "Lately" if recency == 3 else "Long ago"
        column = "low" if mean < 2.5 else "middle" if mean < 4 else "high"
        assert NineCells.segments[code] == f"{row} {column}"
