"""What each column is: as told, as the data show, or as a person answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.layout.counted_visits import VISITS
from foretell.customer_log.recognition.declared_reading import iso_day, read_as_declared
from foretell.customer_log.recognition.other_readings import COUNT_VISITS, FIRST_DAY
from foretell.customer_log.recognition.preview import GIANT_ANSWERS, Preview, preview
from foretell.customer_log.recognition.rate_files import reading_of_orders
from foretell.customer_log.roles.column_names import currency_in
from foretell.customer_log.roles.doubts import doubted
from foretell.customer_log.roles.named_columns import columns_of
from foretell.customer_log.roles.vendors import said_of
from foretell.customer_log.schema import Columns
from foretell.project.errors import InputError
from foretell.project.request import Request, Source

Ask = Callable[[str, Sequence[str]], str | None]


def settled_columns(files: Sequence[SourceFile], request: Request, ask: Ask | None) -> tuple[Columns, Request]:
    """The columns, as told or as guessed, and the request with the date order and decimal sign that were asked for,
    and with the currency that a name tells where none was given.

    InputError with the exact line to add where the data cannot tell and nobody answers.
    """
    columns, settled, seen = _agreed_columns(files, request, ask)
    if settled.settings.currency:
        return columns, settled
    told = seen.guess.currency or currency_in(money_column(columns))
    return columns, replace(settled, settings=replace(settled.settings, currency=told))


def money_column(columns: Columns) -> str:
    """The column whose name may tell the currency; empty where a column of currencies tells it."""
    return "" if columns.currency else columns.amount or columns.unit_price or ""


def _agreed_columns(files: Sequence[SourceFile], request: Request, ask: Ask | None) -> tuple[Columns, Request, Preview]:
    told = dict(request.orders.columns)
    if request.orders.count_visits:
        told = _with_visits(told)
    while True:
        seen = look(files, with_orders(request, replace(request.orders, columns=told)))
        if not seen.guess.doubts:
            return columns_of(seen.guess.chosen()), with_orders(request, _settled(request.orders, seen)), seen
        doubt = seen.guess.doubts[0]
        given = ask(doubt.question, doubt.options) if ask else None
        if given is None:
            raise doubted(*seen.guess.doubts)
        if doubt.role in ("date_order", "decimal"):
            request = with_orders(request, replace(request.orders, **{doubt.role: given}))  # type: ignore[arg-type]
        elif doubt.role == "nobody":
            apart = (doubt.column or "",) if given == GIANT_ANSWERS[0] else ()
            request = with_orders(request, replace(request.orders, nobody=(*seen.guess.nobody, *apart)))
        elif doubt.role == "states":
            states = {**request.orders.states, doubt.column or "": given}
            request = with_orders(request, replace(request.orders, states=states))
        elif doubt.role == FIRST_DAY:
            request = with_orders(request, replace(request.orders, first_day=iso_day(given, "--first-day")))
        elif doubt.role == COUNT_VISITS:
            request = with_orders(request, replace(request.orders, count_visits=True))
            told = _with_visits(told)
        else:
            told[doubt.role] = given


def _settled(source: Source, seen: Preview) -> Source:
    """The source with what its values tell of its orders, its amounts and who is nobody."""
    guess = seen.guess
    nobody = guess.nobody if source.nobody is None else source.nobody
    order_by, amount_of = source.order_by or guess.order_by, source.amount_of or guess.amount_of
    return replace(
        source,
        order_by=order_by,
        amount_of=amount_of,
        nobody=nobody,
        assumed=(*said_of(seen.column_names), *guess.notes),
    )


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
    return preview(read_as_declared(files, source), reading_of_orders(request), given)


def with_orders(request: Request, source: Source) -> Request:
    """The request with another source of orders."""
    return replace(request, sources=tuple(source if one.table == "orders" else one for one in request.sources))
