"""Columns are what the user names them, and what names no column or no role is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.roles.named_columns import ROLES, columns_of, parse_columns
from foretell.customer_log.schema import Columns
from foretell.project.errors import InputError

NEEDED = {"customer": "who", "time": "when", "amount": "paid"}
NAMES = st.text("ab ", min_size=1, max_size=5).map(str.strip).filter(bool)


@given(st.dictionaries(st.sampled_from(ROLES), NAMES, min_size=1, max_size=4), st.sampled_from((",", ", ", " ,")))
def test_what_was_named_is_read(chosen: dict[str, str], between: str) -> None:
    text = between.join(f"{role}={column}" for role, column in chosen.items())
    assert parse_columns(text) == chosen


@given(st.dictionaries(st.sampled_from(ROLES), st.text(min_size=1, max_size=4)))
def test_columns_hold_what_was_chosen(chosen: dict[str, str]) -> None:
    own = {role: f"{role}: {column}" for role, column in chosen.items()}
    assert columns_of(NEEDED | own).used() == NEEDED | own


@pytest.mark.parametrize(
    "twice",
    [{"amount": "who"}, {"amount": "when"}, {"time": "who"}, {"quantity": "paid"}, {"order": "paid"}],
)
def test_one_column_plays_one_role_of_those_that_exclude_each_other(twice: dict[str, str]) -> None:
    with pytest.raises(InputError, match="One column cannot be both"):
        columns_of(NEEDED | twice)
    assert columns_of({**NEEDED, "order": "who"}).order == "who"


def test_money_is_an_amount_or_a_price() -> None:
    priced = {"customer": "who", "time": "when", "unit_price": "each"}
    assert columns_of(priced) == Columns("who", "when", unit_price="each")


@pytest.mark.parametrize(
    ("missing", "what"),
    [
        (("customer",), "No column is named for customer."),
        (("customer", "time", "amount"), "No column is named for customer and time."),
        (("amount",), "No column is named for amount (or quantity and unit_price)."),
    ],
)
def test_a_role_that_must_be_there_is_asked_for(missing: tuple[str, ...], what: str) -> None:
    chosen = {role: column for role, column in NEEDED.items() if role not in missing}
    with pytest.raises(InputError) as refused:
        columns_of(chosen)
    assert refused.value.what == what
    assert refused.value.found == (", ".join(f"{role}={column}" for role, column in chosen.items()) or "none")


@pytest.mark.parametrize(
    ("text", "what", "found"),
    [
        ("customer", "The columns cannot be read.", "customer"),
        ("customer=", "The columns cannot be read.", "customer="),
        ("buyer=who", "The role of a column is not known.", "buyer"),
        ("time=when,time=who", "A role is given twice.", "time=when, time=who"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, what: str, found: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_columns(text)
    assert (refused.value.what, refused.value.found) == (what, found)


def test_nothing_between_commas_is_left_out() -> None:
    assert parse_columns("time=when,") == {"time": "when"}
    assert parse_columns("") == {}
    with pytest.raises(InputError, match="The role of a column is not known"):
        columns_of(NEEDED | {"buyer": "who"})
