"""What each column is: as told, as the data show, or as a person answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.layout.counted_visits import VISITS
from foretell.customer_log.recognition.columns import doubted
from foretell.customer_log.recognition.conventions import Reading
from foretell.customer_log.recognition.currency_names import currency_in
from foretell.customer_log.recognition.declared_reading import iso_day, read_as_declared
from foretell.customer_log.recognition.named_columns import columns_of
from foretell.customer_log.recognition.other_readings import COUNT_VISITS, FIRST_DAY
from foretell.customer_log.recognition.preview import Preview, preview
from foretell.customer_log.schema import Columns
from foretell.project.errors import InputError
from foretell.project.request import Request, Source

Ask = Callable[[str, Sequence[str]], str | None]


def settled_columns(files: Sequence[SourceFile], request: Request, ask: Ask | None) -> tuple[Columns, Request]:
    """The columns, as told or as guessed, and the request with the date order and decimal sign that were asked for,
    and with the currency that a name tells where none was given.

    InputError with the exact line to add where the data cannot tell and nobody answers.
    """
    columns, settled = _agreed_columns(files, request, ask)
    if settled.settings.currency:
        return columns, settled
    told = currency_in(money_column(columns))
    return columns, replace(settled, settings=replace(settled.settings, currency=told))


def money_column(columns: Columns) -> str:
    """The column whose name may tell the currency; empty where a column of currencies tells it."""
    return "" if columns.currency else columns.amount or columns.unit_price or ""


def _agreed_columns(files: Sequence[SourceFile], request: Request, ask: Ask | None) -> tuple[Columns, Request]:
    told = dict(request.orders.columns)
    if request.orders.count_visits:
        told = _with_visits(told)
    if {"customer", "time"} <= set(told) and {"amount", "unit_price"} & set(told):
        return columns_of(told), request
    while True:
        seen = look(files, with_orders(request, replace(request.orders, columns=told)))
        if not seen.guess.doubts:
            return columns_of(seen.guess.chosen()), request
        doubt = seen.guess.doubts[0]
        given = ask(doubt.question, doubt.options) if ask else None
        if given is None:
            raise doubted(doubt)
        if doubt.role == "date_order":
            request = with_orders(request, replace(request.orders, date_order=given))  # type: ignore[arg-type]
        elif doubt.role == "decimal":
            request = with_orders(request, replace(request.orders, decimal=given))  # type: ignore[arg-type]
        elif doubt.role == FIRST_DAY:
            request = with_orders(request, replace(request.orders, first_day=iso_day(given, "--first-day")))
        elif doubt.role == COUNT_VISITS:
            request = with_orders(request, replace(request.orders, count_visits=True))
            told = _with_visits(told)
        else:
            told[doubt.role] = given


def _with_visits(told: Mapping[str, str]) -> dict[str, str]:
    """The columns with visits in place of money; InputError where money is named too."""
    money = told.get("amount") or told.get("unit_price")
    if money not in (None, VISITS):
        raise InputError(
            "Visits are to be counted, and a column of money is named.",
            column=money,
            found=f"count_visits, and {money}",
            expected="one of the two",
            hint="leave out --count-visits (count_visits in foretell.toml), or the column",
        )
    return {**told, "amount": VISITS}


def look(files: Sequence[SourceFile], request: Request) -> Preview:
    """A first look at the files: columns, three rows, the guess and its doubts."""
    source = request.orders
    given = _with_visits(source.columns) if source.count_visits else source.columns
    return preview(read_as_declared(files, source), Reading.of(request, source), given)


def with_orders(request: Request, source: Source) -> Request:
    """The request with another source of orders."""
    return replace(request, sources=tuple(source if one.table == "orders" else one for one in request.sources))
