"""What sources were agreed to bring, and what of it no longer holds."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.customer_log.manifest import Load
from foretell.outcomes.monitoring.contract import Term, broken_terms, held_by, table_of, unread

AMOUNT = Term("orders", "amount", "total", "numbers")
AGREED = {AMOUNT.key: AMOUNT, "orders decimal sign": Term("orders", "decimal sign", ".", "written")}
COLUMNS = {"orders": ("who", "total")}


@pytest.mark.parametrize(
    ("cells", "holds"),
    [
        (["2024-05-01"] * 30, "dates"),
        (["1,250.00"] * 30, "numbers"),
        (["web", "shop"] * 15, "text"),
        ([""] * 30, "nothing"),
        (["web"] * 10, ""),
        ([""] * 10, ""),
        (["12", "web"] * 15, ""),
    ],
)
def test_what_cells_hold(cells: list[str], holds: str) -> None:
    assert held_by(np.array(cells)) == holds


def test_what_is_as_agreed_is_not_broken() -> None:
    assert broken_terms(AGREED, list(AGREED.values()), COLUMNS) == []


def test_a_column_that_is_gone() -> None:
    (found,) = broken_terms(AGREED, [], {"orders": ("who", "sum")})
    assert found.said == "the column total (amount) is gone"
    other = Term("orders", "amount", "sum", "numbers")
    (found,) = broken_terms(AGREED, [other], {"orders": ("who", "sum")})
    assert found.said == "the column total (amount) is gone; sum is read in its place"


def test_a_column_that_holds_something_else() -> None:
    (found,) = broken_terms(AGREED, [Term("orders", "amount", "total", "text")], COLUMNS)
    assert found.said == "the column total (amount) holds text, it held numbers"
    assert broken_terms(AGREED, [Term("orders", "amount", "total", "")], COLUMNS) == []


def test_another_way_of_writing() -> None:
    (found,) = broken_terms(AGREED, [AMOUNT, Term("orders", "decimal sign", ",", "written")], COLUMNS)
    assert found.said == "its decimal sign is ,, it was ."


def test_a_source_that_was_not_looked_at_breaks_nothing() -> None:
    assert broken_terms(AGREED, [], {}) == []
    assert table_of("events#2") == table_of("events") == "events"


def load(number: int, rejected: int, rows: int = 100, table: str = "orders") -> Load:
    return Load(str(number), "orders.csv", "", 0, rows, rejected=rejected, table=table, number=number)


@pytest.mark.parametrize(
    ("before", "newest", "broken"),
    [([0, 0], 4, False), ([0, 0], 5, True), ([1, 1], 5, False), ([1, 1], 6, True), ([9, 9], 29, False)],
)
def test_rows_that_came_last_and_cannot_be_read(before: list[int], newest: int, broken: bool) -> None:
    loads = [load(number, rejected) for number, rejected in enumerate([*before, newest])]
    (found,) = unread(loads[::-1])
    assert (found.rejected, found.rows, found.usual) == (newest, 100, sum(before) / 200)
    assert found.is_broken == broken


def test_a_table_that_was_read_once_is_said() -> None:
    first, other = unread([load(1, 50), load(2, 0, table="events")])
    assert first.cannot == other.cannot == "it was read once"
    assert not first.is_broken
