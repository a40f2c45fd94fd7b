"""What each column is: as told, as the data show, or as a person answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.recognition.column_names import currency_in
from foretell.customer_log.recognition.columns import doubted
from foretell.customer_log.recognition.conventions import Reading
from foretell.customer_log.recognition.named_columns import columns_of
from foretell.customer_log.recognition.preview import Preview, preview
from foretell.customer_log.schema import Columns
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
        else:
            told[doubt.role] = given


def look(files: Sequence[SourceFile], request: Request) -> Preview:
    """A first look at the files: columns, three rows, the guess and its doubts."""
    return preview(files, Reading.of(request, request.orders), request.orders.columns)


def with_orders(request: Request, source: Source) -> Request:
    """The request with another source of orders."""
    return replace(request, sources=tuple(source if one.table == "orders" else one for one in request.sources))
