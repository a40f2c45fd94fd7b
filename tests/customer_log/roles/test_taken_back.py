"""Which column says that a sale did not come about, or what was given back: told by its values, or by its name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from foretell.customer_log.roles.column_facts import facts_of
from foretell.customer_log.roles.doubts import Question, RoleGuess
from foretell.customer_log.roles.taken_back import choose_taken_back, money_of
from foretell.project.intervals import parse_day

NOW = parse_day("2026-01-01", "UTC")
ROWS = 60
MONEY = [f"{n + 10}.50" for n in range(ROWS)]
STATES = ["paid"] * 40 + ["failed"] * 10 + ["refunded"] * 10
BACK = ["0"] * 35 + [f"{n + 1}.25" for n in range(5)] + ["0"] * 10 + MONEY[50:]


def chosen(
    amount: Sequence[str] = MONEY, orders: Sequence[object] | None = None, **columns: Sequence[str]
) -> dict[str, str]:
    """Role to column of what is found beside an amount; a doubt's role stands with a question mark."""
    more = {} if orders is None else {"order": [str(one) for one in orders]}
    table = pa.table({"amount": list(amount), **more, **{name: list(values) for name, values in columns.items()}})
    roles = {name: RoleGuess(name, name, 1.0, "") for name in ("amount", *more)}
    doubts: list[Question] = []
    choose_taken_back(table, facts_of(table, "UTC", NOW), roles, doubts)
    found = {role: guess.column for role, guess in roles.items() if role not in ("amount", *more)}
    return {**found, **{f"{role}?": ", ".join(options) for role, _, options in doubts}}


@pytest.mark.parametrize("name", ["Status", "how_it_went", "x"])
def test_a_column_of_states_needs_no_name(name: str) -> None:
    assert chosen(**{name: STATES}) == {"state": name}


def test_a_column_of_kinds_with_negative_amounts_is_no_state() -> None:
    signed = [f"-{text}" if state != "paid" else text for text, state in zip(MONEY, STATES, strict=True)]
    assert chosen(signed, kind=["sale" if state == "paid" else "returned" for state in STATES]) == {}


def test_states_beside_refunds_of_their_own_are_states() -> None:
    signed = [f"-{text}" if state == "refunded" else text for text, state in zip(MONEY, STATES, strict=True)]
    assert chosen(signed, x=STATES) == {"state": "x"}


def test_states_of_parcels_give_way_and_alone_say_nothing() -> None:
    parcels = ["fulfilled"] * 30 + ["pending"] * 30
    assert chosen(**{"Fulfillment Status": parcels}) == {}
    assert chosen(**{"Fulfillment Status": parcels, "x": STATES}) == {"state": "x"}


def test_two_columns_that_disagree_are_asked_about() -> None:
    other = ["voided"] * 10 + ["paid"] * 50
    assert chosen(a=STATES, b=other)["state?"] == "a, b"
    assert chosen(a=STATES, b=STATES) == {"state": "a"}


@pytest.mark.parametrize(("name", "found"), [("IsCancelled", True), ("cancelled", True), ("gift", False)])
def test_yes_or_no_counts_by_the_name_of_its_column(name: str, found: bool) -> None:
    flags = ["true"] * 10 + ["false"] * 50
    assert chosen(**{name: flags}) == ({"state": name} if found else {})
    assert chosen(**{name: flags, "x": STATES}) == {"state": "x"}


def test_a_flag_of_refunds_in_rows_of_their_own_is_no_state() -> None:
    flags = ["true"] * 10 + ["false"] * 50
    assert chosen(refunded=flags) == {"state": "refunded"}
    assert chosen([f"-{text}" if n < 10 else text for n, text in enumerate(MONEY)], refunded=flags) == {}


def test_money_given_back_is_told_by_its_name_or_as_it_agrees_with_the_state() -> None:
    assert chosen(**{"Amount Refunded": BACK}) == {"refunded": "Amount Refunded"}
    assert chosen(sent_home=BACK) == {}
    assert chosen(sent_home=BACK, x=STATES) == {"state": "x", "refunded": "sent_home"}
    assert chosen(fee=["1.00"] * ROWS, x=STATES) == {"state": "x"}
    larger = [f"{n + 500}.00" for n in range(ROWS)]
    assert chosen(**{"Amount Refunded": larger}) == {}, "more than the sale came to"


def test_what_was_given_back_of_an_order_may_be_more_than_its_line() -> None:
    orders = [n // 3 for n in range(ROWS)]
    back = [f"{sum(range(n // 3 * 3, n // 3 * 3 + 3))}.00" if n // 3 % 4 == 0 else "" for n in range(ROWS)]
    assert chosen(**{"refunded amount": back}) == {}
    assert chosen(orders=orders, **{"refunded amount": back}) == {"refunded": "refunded amount"}


def test_dates_of_cancellations_are_those_that_few_rows_have() -> None:
    dates = ["2024-03-01"] * 6 + [""] * 54
    assert chosen(**{"Cancelled at": dates}) == {"cancelled_at": "Cancelled at"}
    assert chosen(**{"Cancelled at": ["2024-03-01"] * ROWS}) == {}
    assert chosen(**{"Cancelled at": [""] * ROWS}) == {}
    assert chosen(**{"Refund Date": dates}) == {}, "a date of nothing"
    assert chosen(**{"Refund Date": dates, "Amount Refunded": BACK}) == {
        "refunded": "Amount Refunded",
        "refunded_at": "Refund Date",
    }


def test_the_money_of_a_row_is_its_amount_or_price_times_quantity() -> None:
    facts = facts_of(pa.table({"a": ["1.5", "x"], "q": ["2", "3"]}), "UTC", NOW)
    price, count = RoleGuess("unit_price", "a", 1.0, ""), RoleGuess("quantity", "q", 1.0, "")
    assert money_of(facts, {}) is None
    for roles, expected in (
        ({"amount": price}, [1.5, np.nan]),
        ({"unit_price": price}, [1.5, np.nan]),
        ({"unit_price": price, "quantity": count}, [3, np.nan]),
    ):
        np.testing.assert_array_equal(money_of(facts, roles), expected)
