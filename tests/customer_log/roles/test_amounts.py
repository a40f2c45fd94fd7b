"""What an amount is the money of is told by the values: a piece, a line, or an order whose total counts once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.roles.amounts import (
    amount_of_given,
    choose_amount,
    is_line_total,
    once_an_order,
    stands_again,
)
from foretell.customer_log.roles.column_facts import ColumnFacts, facts_of
from foretell.customer_log.roles.doubts import Question, RoleGuess
from foretell.project.intervals import parse_day
from shops.made_exports import Sale, money, sales

NOW = parse_day("2026-01-01", "UTC")
SALES = sales(orders=60, buyers=20)


def facts(**columns: Sequence[object]) -> dict[str, ColumnFacts]:
    table = pa.table({name: pa.array([str(value) for value in values]) for name, values in columns.items()})
    return facts_of(table, "UTC", NOW)


def of_lines(made: Sequence[Sale] = SALES) -> dict[str, list[object]]:
    """The columns that a table of order lines may have."""
    lines = [(sale, place, item) for sale in made for place, item in enumerate(sale.items)]
    return {
        "order": [sale.number for sale, *_ in lines],
        "product": [f"p{item.product}" for *_, item in lines],
        "quantity": [item.pieces for *_, item in lines],
        "price": [money(item.price) for *_, item in lines],
        "line": [money(item.cents) for *_, item in lines],
        "total": [money(sale.total) for sale, *_ in lines],
        "total_once": [money(sale.total) if place == 0 else "" for sale, place, _ in lines],
    }


LINES = of_lines()
KNOWN = facts(**LINES)


def chosen(roles: dict[str, str], **columns: Sequence[object]) -> tuple[str, dict[str, str], list[Question]]:
    """What the amount is of, the columns of money, and the doubts."""
    guesses = {role: RoleGuess(role, name, 1.0, "") for role, name in roles.items()}
    doubts: list[Question] = []
    of = choose_amount(facts(**columns), guesses, doubts)
    told: dict[str, str] = {role: guesses[role].column for role in ("amount", "unit_price") if role in guesses}
    return of, told, doubts


def test_a_price_that_grows_with_the_quantity_is_the_lines_total() -> None:
    assert is_line_total(KNOWN["line"], KNOWN["quantity"], KNOWN["product"])
    assert not is_line_total(KNOWN["price"], KNOWN["quantity"], KNOWN["product"])
    assert not is_line_total(KNOWN["line"], KNOWN["quantity"], None), "without products nothing shows it"


@pytest.mark.parametrize(("price", "expected"), [("price", {"unit_price": "item_price"}),
                                                 ("line", {"amount": "item_price"})])  # fmt: skip
def test_a_column_called_price_is_what_its_values_say(price: str, expected: dict[str, str]) -> None:
    columns = {"order": LINES["order"], "sku": LINES["product"], "qty": LINES["quantity"], "item_price": LINES[price]}
    roles = {"order": "order", "product": "sku", "quantity": "qty", "unit_price": "item_price"}
    assert chosen(roles, **columns) == ("line", expected, [])


@pytest.mark.parametrize("total", ["total", "total_once"])
def test_the_total_of_an_order_counts_once(total: str) -> None:
    of, told, doubts = chosen({"order": "order"}, order=LINES["order"], order_total=LINES[total])
    assert (of, told, doubts) == ("order", {"amount": "order_total"}, [])


def test_a_total_wins_over_price_and_quantity_on_each_line_or_on_one_unless_it_is_far_from_them() -> None:
    """What was paid is after discounts and with shipping; a payment that is not of these lines is not it."""
    roles = {"order": "order", "quantity": "qty", "unit_price": "price"}
    columns = {"order": LINES["order"], "qty": LINES["quantity"], "price": LINES["price"]}
    assert chosen(roles, **columns, order_total=LINES["total"]) == ("order", {"amount": "order_total"}, [])
    far = [money(round(float(str(total)) * 500)) for total in LINES["total"]]
    assert chosen(roles, **columns, order_total=far) == ("line", {"unit_price": "price"}, [])
    assert chosen(roles, **columns, order_total=LINES["total_once"]) == ("order", {"amount": "order_total"}, [])


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("subtotal", "order_total"),
        ("Zwischensumme", "Gesamtsumme"),
        ("Sous-total", "Montant total"),
        ("Subtotaal", "Totaalbedrag"),
    ],
)
def test_a_subtotal_gives_way_to_a_total_of_about_its_size(part: str, whole: str) -> None:
    """Discounts make a total smaller, shipping larger."""
    totals = [sale.total for sale in SALES]
    for more in (-300, 495):
        sums = {part: [money(cents) for cents in totals], whole: [money(cents + more) for cents in totals]}
        assert chosen({}, **sums) == ("line", {"amount": whole}, [])


def test_a_subtotal_far_from_the_total_is_asked_about() -> None:
    totals = [sale.total for sale in SALES]
    apart = {"subtotal": [money(cents) for cents in totals], "order_total": [money(cents * 7) for cents in totals]}
    assert [role for role, *_ in chosen({}, **apart)[2]] == ["amount"]


def test_where_no_name_tells_the_columns_with_cents_are_proposed_first_and_no_count_of_rows() -> None:
    columns: dict[str, Sequence[object]] = {
        "a": [n % 7 for n in range(60)],
        "b": [money(sale.total) for sale in SALES],
        "c": list(range(60)),
    }
    of, told, [(role, question, options)] = chosen({}, **columns)
    assert (of, told, role, options) == ("line", {}, "amount", ("b", "a"))
    assert question == "Which column is the amount of money?"


def test_an_amount_that_all_orders_have_is_asked_about() -> None:
    _, _, [(role, question, _)] = chosen({"order": "order"}, order=LINES["order"], total=["9.50"] * len(LINES["order"]))
    assert role == "amount"
    assert "is the same on all lines of an order" in question


def test_payments_in_several_parts_stand_again_on_each_line() -> None:
    rows = [(sale.number, part) for sale in SALES for part in (1, 2) for _ in sale.items]
    parts = facts(order=[number for number, _ in rows], paid=[f"{number * 3 + part}.25" for number, part in rows])
    assert stands_again(parts["paid"], parts["order"])
    assert not stands_again(KNOWN["price"], KNOWN["order"])


def test_a_given_amount_is_that_of_the_line_or_the_order_by_its_values() -> None:
    for name, of in (("line", "line"), ("total", "order"), ("total_once", "order")):
        roles = {"amount": RoleGuess("amount", name, 1.0, ""), "order": RoleGuess("order", "order", 1.0, "")}
        assert amount_of_given(KNOWN, roles) == of
        roles.pop("order")
        assert amount_of_given(KNOWN, roles) == "line"


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["", "1.5", "2.25", "x", "-3"])), min_size=1, max_size=40))
def test_any_values_get_an_answer_that_does_not_depend_on_their_order(rows: list[tuple[int, str]]) -> None:
    found = []
    for turned in (rows, rows[::-1]):
        known = facts(order=[order for order, _ in turned], amount=[amount for _, amount in turned])
        found.append((once_an_order(known["amount"], known["order"]), stands_again(known["amount"], known["order"])))
    assert found[0] == found[1]
    filled = np.isfinite(facts(amount=[amount for _, amount in rows])["amount"].figures).sum()
    assert not (found[0][0] and filled > len({order for order, _ in rows}) * 2)
