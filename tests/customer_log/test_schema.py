"""Columns tell which of them are filled, and which hold numbers, money first."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.schema import FACT, ORDER_ATTRIBUTES, ORDER_LINES, Columns

OPTIONAL = [field.name for field in fields(Columns)][2:]


@given(st.dictionaries(st.sampled_from(OPTIONAL), st.text(min_size=1, max_size=4)))
def test_the_roles_that_are_filled_are_those_that_were_given(chosen: dict[str, str]) -> None:
    columns = Columns("who", "when", **chosen)
    assert columns.used() == {"customer": "who", "time": "when", **chosen}
    assert Columns(**columns.used()) == columns
    money = [chosen[role] for role in ("amount", "unit_price", "quantity") if role in chosen]
    assert list(columns.numbers) == money


def test_every_line_is_a_fact_of_a_customer_and_no_name_is_used_twice() -> None:
    assert [(field.name, field.type) for field in ORDER_LINES][:3] == FACT
    names = [*ORDER_LINES.names, *ORDER_ATTRIBUTES.names]
    assert len(set(names)) == len(names)
    assert set(ORDER_ATTRIBUTES.names) <= set(OPTIONAL)
