"""Lines that stand on several rows, as beside each payment of their order, are known by their number and money."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.roles.column_facts import facts_of
from foretell.customer_log.roles.doubts import RoleGuess
from foretell.customer_log.roles.line_numbers import choose_line, line_number
from foretell.project.intervals import parse_day

NOW = parse_day("2026-01-01", "UTC")
Row = tuple[int, int, int, float]


def joined(orders: int, items: Sequence[int], parts: Sequence[int]) -> list[Row]:
    """Order, item, payment and price: each item once for each payment."""
    return [
        (order, item, part, 1.25 + order * 7 + item)
        for order in range(orders)
        for item in range(1, items[order % len(items)] + 1)
        for part in range(1, parts[order % len(parts)] + 1)
    ]


def found(rows: list[Row]) -> str | None:
    order, item, part, price = ([str(value) for value in column] for column in zip(*rows, strict=True))
    facts = facts_of(pa.table({"order": order, "position": item, "payment": part, "price": price}), "UTC", NOW)
    roles = {role: RoleGuess(role, name, 1.0, "") for role, name in (("order", "order"), ("amount", "price"))}
    choose_line(facts, roles)
    direct = line_number({"position": facts["position"]}, facts["order"], facts["price"].figures)
    assert ("line" in roles and roles["line"].column == "position") == (direct == "position")
    return roles["line"].column if "line" in roles else None


@given(st.integers(12, 30), st.lists(st.integers(2, 4), min_size=1, max_size=3), st.integers(2, 3), st.randoms())
def test_the_item_is_the_line_where_payments_repeat_it(
    orders: int, items: list[int], parts: int, random: object
) -> None:
    rows = joined(orders, items, (parts, 1))
    assert found(rows) == "position"
    assert found(rows[::-1]) == "position"


@pytest.mark.parametrize("items", [(1,), (2, 3)])
def test_no_line_stands_twice_where_each_order_is_paid_once(items: tuple[int, ...]) -> None:
    assert found(joined(20, items, (1,))) is None


def test_a_payments_number_is_no_line_where_its_rows_differ_in_money() -> None:
    assert (
        found(
            [(order, 3 - part, part, order + item * 2.5) for order in range(20) for item in (1, 2) for part in (1, 2)]
        )
        != "payment"
    )


def test_what_does_not_begin_at_one_numbers_no_lines() -> None:
    rows = [(order, item + 4, part, price) for order, item, part, price in joined(20, (2,), (2,))]
    assert found(rows) is None


def test_without_money_there_is_no_line() -> None:
    facts = facts_of(pa.table({"order": ["1", "1"], "position": ["1", "1"]}), "UTC", NOW)
    roles = {"order": RoleGuess("order", "order", 1.0, "")}
    choose_line(facts, roles)
    assert "line" not in roles
    assert line_number(facts, facts["order"], np.zeros(2)) is None
