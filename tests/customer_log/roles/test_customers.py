"""Who bought is told by the values: filled, repeating, nobody's, rounded; a display name is the last resort."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.recognition.columns import Guess, guess
from foretell.customer_log.roles.column_facts import ColumnFacts, facts_of
from foretell.customer_log.roles.customers import (
    NOBODY_WORDS,
    buyer,
    columns_of_customers,
    giant_among,
    nobody_among,
    nobody_in,
    rounded_ids,
)
from foretell.customer_log.roles.doubts import RoleGuess
from foretell.project.intervals import parse_day

NOW = parse_day("2026-01-01", "UTC")
ROWS = 90


def table(**columns: Sequence[object]) -> pa.Table:
    return pa.table({name: pa.array([str(value) for value in values]) for name, values in columns.items()})


def facts(**columns: Sequence[object]) -> dict[str, ColumnFacts]:
    return facts_of(table(**columns), "UTC", NOW)


def ids(number: int = 30, prefix: str = "k") -> list[object]:
    return [f"{prefix}{n % number}" for n in range(ROWS)]


def emails(number: int = 30) -> list[object]:
    return [f"a{n % number}@example.org" for n in range(ROWS)]


def some(values: list[object], every: int, instead: object = "") -> list[object]:
    return [value if n % every else instead for n, value in enumerate(values)]


def chosen(**columns: Sequence[object]) -> tuple[str, ...]:
    found = buyer(facts(**columns), (), None)
    return found.columns if found is not None else ()


def test_a_full_column_is_taken_before_an_emptier_one() -> None:
    assert chosen(customer_id=some(ids(), 3), billing_email=emails()) == ("billing_email",)
    assert chosen(customer_id=ids(), billing_email=emails()) == ("customer_id",)


def test_where_none_is_full_the_first_that_is_filled_counts() -> None:
    columns: dict[str, Sequence[object]] = {
        "customer_id": some(ids(), 3),
        "email": some(emails(), 4),
        "phone": [""] * ROWS,
    }
    found = buyer(facts(**columns), (), None)
    assert found is not None
    assert found.columns == ("customer_id", "email")
    assert found.why == "the first that is filled: customer_id on 67% of the orders, email on 74% of the orders"


def test_a_key_that_is_new_for_each_order_is_none_beside_one_that_repeats() -> None:
    new = [f"n{n}" for n in range(ROWS)]
    assert chosen(customer_id=new, customer_unique_id=ids()) == ("customer_unique_id",)
    assert chosen(customer_id=new) == ("customer_id",)


def test_a_display_name_counts_only_where_nothing_better_stands() -> None:
    names = [f"Given{n % 30} Family" for n in range(ROWS)]
    assert chosen(buyer=names, buyer_email=emails()) == ("buyer_email",)
    assert chosen(buyer=names) == ("buyer",)


def test_who_is_nobody_names_no_order() -> None:
    assert chosen(customer_id=some(ids(), 2, 0), email=emails()) == ("email",)
    assert chosen(customer_id=some(ids(), 2, "Guest"), email=emails()) == ("email",)
    own = [f"a{n % 30}@example.org" if n % 3 == 0 else "shop@example.org" for n in range(150)]
    ids_of_all: list[object] = [f"k{n % 30}" for n in range(150)]
    assert buyer(facts(email=list(own), customer_id=ids_of_all), (), None) is not None
    assert nobody_in([facts(id=some(ids(), 2, "walk-in"))["id"]]) == ("walk-in",)


@pytest.mark.parametrize(("zeros", "nobody"), [(3, None), (60, "0")])
def test_0_is_a_customer_among_many_until_it_is_everybody(zeros: int, nobody: str | None) -> None:
    column = facts(customer_id=[0] * zeros + [n % 40 + 1 for n in range(120)])["customer_id"]
    assert nobody_among(column.most_frequent) == nobody


@given(st.sampled_from([word for word in NOBODY_WORDS if word.isalpha()]), st.floats(0.001, 0.9))
def test_a_word_for_nobody_is_nobody_however_rare(word: str, share: float) -> None:
    assert nobody_among([("17", 0.05), (word.upper(), share)]) in (word.upper(), None)
    assert nobody_among([("17", 0.05), (word, share)]) == word
    assert nobody_among([("17", 0.05), ("18", share)]) is None


def test_e_mails_in_capitals_are_one_customer() -> None:
    column = facts(email=[f"A{n % 30}@Example.org" if n % 2 else f"a{n % 30}@example.org" for n in range(ROWS)])[
        "email"
    ]
    assert column.values == 30


def test_ids_that_a_spreadsheet_rounded_are_told_and_asked_about() -> None:
    rounded = [f"2.04{n % 30:03d}E+14" for n in range(ROWS)]
    assert "rounded by a spreadsheet, such as 2.04" in rounded_ids(facts(id=list(rounded))["id"])
    assert rounded_ids(facts(id=ids())["id"]) == ""
    found = guessed(customer_id=list(rounded))
    assert [doubt.role for doubt in found.doubts] == ["customer"]
    assert "export them as text" in found.doubts[0].question


def test_one_id_on_a_large_part_of_the_rows_is_told_with_its_share() -> None:
    column = facts(id=["shop"] * 60 + [f"k{n % 60}" for n in range(120)])["id"]
    assert giant_among([column], ()) == ("shop", "33% of the rows, the next one on 1%")
    assert giant_among([column], ("shop",)) == ("", "")
    assert giant_among([facts(id=["a", "a", "a", "b"])["id"]], ()) == ("", "")


def guessed(**columns: Sequence[object]) -> Guess:
    text = io.StringIO()
    days = [f"2024-0{n % 9 + 1}-1{n % 9}" for n in range(ROWS)]
    more = {**columns, "date": days, "amount": [f"{n % 50}.25" for n in range(ROWS)]}
    csv.writer(text).writerows([list(more), *zip(*more.values(), strict=True)])
    names, *rows = csv.reader(io.StringIO(text.getvalue()))
    return guess(pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)}), now=NOW)


def test_a_question_proposes_who_repeats_before_what_is_new_on_each_row() -> None:
    found = guessed(Num=[1000 + n for n in range(ROWS)], who=ids(), hour=[f"{n % 24}:15" for n in range(ROWS)])
    assert [doubt.options for doubt in found.doubts if doubt.role == "customer"] == [("who", "Num")]


def test_the_columns_of_the_customer_stand_in_their_order() -> None:
    roles = {role: RoleGuess(role, column, 1.0, "") for role, column in (("customer_2", "b"), ("customer", "a"))}
    assert columns_of_customers(roles) == ["a", "b"]
    assert columns_of_customers({}) == []
