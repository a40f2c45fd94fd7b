"""Columns are settled by what was told, by what the data show, or by an answer; and else the error says what to add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from foretell.customer_log.schema import Columns
from foretell.pipeline.intake.columns import Ask, look, money_column, settled_columns, with_orders
from foretell.pipeline.intake.log import source_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.errors import InputError
from foretell.project.request import Request

CLEAR = "customer_id,date,amount_eur\nA,2024-01-13,1.50\nB,2024-02-14,2.00\n"
UNSURE = "customer_id,date,amount\nA,1/2/2024,1.234\nB,3/4/2024,2.345\n"


def request_for(text: str, folder: Path, **options: object) -> Request:
    (folder / "orders.csv").write_text(text)
    return request_for_files([folder / "orders.csv"], folder / "out", **options)


def settled(request: Request, ask: Ask | None = None) -> tuple[Columns, Request]:
    return settled_columns(source_of(request), request, ask)


def test_what_is_clear_is_not_asked(tmp_path: Path) -> None:
    def never(question: str, options: Sequence[str]) -> str | None:
        raise AssertionError(question)

    columns, request = settled(request_for(CLEAR, tmp_path), never)
    assert columns.used() == {"customer": "customer_id", "time": "date", "amount": "amount_eur"}
    assert request.settings.currency == "EUR"


def test_what_was_told_is_taken_without_a_look(tmp_path: Path) -> None:
    told = {"customer": "date", "time": "customer_id", "amount": "amount_eur"}
    columns, request = settled(request_for(CLEAR, tmp_path, columns=told, currency="GBP"))
    assert columns.used() == told
    assert request.settings.currency == "GBP"


def test_each_doubt_is_asked_once_and_the_answers_hold(tmp_path: Path) -> None:
    asked = list[tuple[str, ...]]()

    def answered(question: str, options: Sequence[str]) -> str | None:
        asked.append(tuple(options))
        return options[-1]

    request = request_for(UNSURE, tmp_path)
    _, found = settled(request, answered)
    assert len(asked) == 2
    assert (found.orders.date_order, found.orders.decimal) == (asked[0][-1], asked[1][-1])
    assert settled(found) == settled(found, answered)
    assert len(asked) == 2


@pytest.mark.parametrize("ask", [None, lambda question, options: None], ids=["nobody there", "no answer"])
def test_without_an_answer_the_error_says_what_to_add(ask: Ask | None, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        settled(request_for(UNSURE, tmp_path), ask)
    assert "--date-order" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("columns", "column"),
    [
        (Columns("who", "when", amount="paid_eur"), "paid_eur"),
        (Columns("who", "when", unit_price="price_eur"), "price_eur"),
        (Columns("who", "when", amount="paid_eur", currency="currency"), ""),
        (Columns("who", "when"), ""),
    ],
)
def test_the_name_that_may_tell_a_currency(columns: Columns, column: str) -> None:
    assert money_column(columns) == column


def test_a_look_shows_columns_and_first_rows(tmp_path: Path) -> None:
    request = request_for(CLEAR, tmp_path)
    seen = look(source_of(request), request)
    assert list(seen.column_names) == ["customer_id", "date", "amount_eur"]
    assert [row[0] for row in seen.rows] == ["A", "B"]
    assert not seen.guess.doubts


def test_only_the_source_of_orders_is_replaced(tmp_path: Path) -> None:
    request = request_for(CLEAR, tmp_path)
    other = replace(request.orders, table="returns")
    both = replace(request, sources=(other, request.orders))
    found = with_orders(both, replace(request.orders, decimal=","))
    assert found.sources == (other, replace(request.orders, decimal=","))
    assert found.orders.decimal == ","
