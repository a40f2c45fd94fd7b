"""What sources were agreed to bring, and what of it no longer holds."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.outcomes.monitoring.contract import Term, broken_terms, held_by, table_of

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
