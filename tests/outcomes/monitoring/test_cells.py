"""Cells of a log, beside what one counts in its files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.outcomes.monitoring.cells import HAPPENED, MIDDLE, ROWS, Cells, CountCells, merged
from foretell.project.intervals import days
from made_batch import batch
from made_told import Told, with_told

FACTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=30)


def cells(facts: list[tuple[int, int]]) -> Cells:
    return Cells.of("text", np.array([day for day, _ in facts]), np.array([value for _, value in facts]))


@settings(max_examples=50)
@given(FACTS, FACTS, st.integers(0, 9), st.integers(0, 9))
def test_they_count_each_pair_and_add_up(
    one: list[tuple[int, int]], two: list[tuple[int, int]], a: int, b: int
) -> None:
    whole, both = cells(one) + cells(two), one + two
    told = dict(zip(zip(whole.days.tolist(), whole.values.tolist(), strict=True), whole.counts.tolist(), strict=True))
    assert told == {pair: both.count(pair) for pair in both}
    part = whole.within(a, b)
    assert part.rows == sum(a <= day < b for day, _ in both)
    assert part.missing == sum(a <= day < b and value == 0 for day, value in both)


def test_an_order_counts_on_the_day_on_which_it_could_be_seen() -> None:
    noon = days(0.5)
    found, _ = CountCells("UTC")(batch((1, 1, noon, noon, 10_000), (2, 2, noon, days(3) + noon, 1_000_000)))
    assert found["orders", ROWS].days.tolist() == [0, 3]
    assert found["orders", HAPPENED].days.tolist() == [0]
    assert found["orders", "amount"].values.tolist() == [MIDDLE, MIDDLE + 20]
    assert found["orders", "product"].values.tolist() == [1, 1]
    assert found["orders", "channel"].missing == 2


def test_batches_add_up() -> None:
    one = CountCells("UTC")(batch((1, 1, 0, 0, 10_000)))[0]
    two = CountCells("UTC")(batch((2, 2, days(1), days(1), 10_000)))[0]
    whole = merged(one, two)
    assert whole["orders", ROWS].days.tolist() == [0, 1]
    assert merged({}, one) == one


def test_contacts_of_own_campaigns_are_left_out() -> None:
    def contact(day: int, **tells: str) -> Told:
        return Told("contacts", "c1", days(day), days(day), tuple(tells.items()))

    told = [
        contact(0, step="sent", campaign="spring", channel="mail"),
        contact(1, step="sent", campaign="see you again 1", arm="control"),
        contact(2, step="sent", channel="mail"),
    ]
    whole = with_told(batch((1, 1, 0, 0, 10_000)), told, days(9))
    assert CountCells("UTC")(whole)[0]["contacts", ROWS].days.tolist() == [0, 1, 2]
    found, _ = CountCells("UTC")(replace(whole, own_campaigns=("see you again 1",)))
    assert found["contacts", ROWS].days.tolist() == [0, 2]
    assert found["contacts", "channel"].missing == 0
