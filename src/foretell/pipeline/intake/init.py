"""A project begins: from files to its declaration."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

from foretell.customer_log.layout.counted_visits import VISITS
from foretell.customer_log.recognition.preview import Preview
from foretell.customer_log.schema import Columns
from foretell.pipeline.intake.columns import Ask, look, money_column, settled_columns, with_orders
from foretell.pipeline.intake.log import source_of
from foretell.pipeline.intake.tables import MatchedSource, matched_sources, told_apart
from foretell.project.declaration import FILE_NAME, read_declaration
from foretell.project.errors import InputError
from foretell.project.request import Request, Source
from foretell.words.wording import shown


@dataclass(frozen=True)
class Recognised:
    """What was seen, and what was settled about it; `currency_from` is the column whose name told the currency, empty
    where it was given or is not known; `others` are the sources of other tables."""

    request: Request
    seen: Preview
    columns: Columns
    currency_from: str = ""
    others: tuple[MatchedSource, ...] = ()


def recognised(request: Request, ask: Ask | None) -> Recognised:
    """Look at the files and settle which table each is of and what each column is; InputError where that cannot be
    told and nobody answers, or where no customer of a table ordered."""
    request = told_apart(request)
    files = source_of(request)
    columns, settled = settled_columns(files, request, ask)
    seen = look(files, settled)
    if seen.guess.doubts:
        seen = look(files, with_orders(settled, replace(settled.orders, columns=columns.used())))
    guessed = settled.settings.currency and not request.settings.currency
    others = matched_sources(settled, files, columns)
    return Recognised(settled, seen, columns, money_column(columns) if guessed else "", others)


def write_declaration(found: Recognised, folder: Path, force: bool = False) -> Path:
    """Write `foretell.toml` in the folder; an existing one stays unless `force`."""
    path = folder / FILE_NAME
    if path.exists() and not force:
        raise InputError(
            "There is a foretell.toml already.", file=str(path), hint="edit it, or give --force to replace it"
        )
    aside = folder / f".{FILE_NAME}.part"
    try:
        aside.write_text(declaration_text(found, folder), encoding="utf-8")
        read_declaration(aside)
        os.replace(aside, path)
    except OSError as error:
        raise InputError("The declaration cannot be written.", file=str(path), found=str(error)) from error
    finally:
        aside.unlink(missing_ok=True)
    return path


def declaration_text(found: Recognised, folder: Path) -> str:
    """The text of `foretell.toml`: what was settled, and the choices that a person may want to change."""
    request, settings = found.request, found.request.settings
    columns = ", ".join(f"{role} = {_quoted(name)}" for role, name in found.columns.used().items() if name != VISITS)
    agreed = found.seen.conventions
    named = found.currency_from
    told = f"from the name of the column {shown(named)}" if named else "such as GBP"
    settled = []
    if agreed and agreed.date_order:
        settled.append(f"date_order = {_quoted(agreed.date_order)}")
    if agreed and agreed.decimal == ",":
        settled.append('decimal = ","')
    orders = request.orders
    if orders.sheet:
        settled.append(f"sheet = {_quoted(orders.sheet)}")
    if orders.first_day:
        settled.append(f"first_day = {orders.first_day}   # the calendar day of day 1")
    if orders.count_visits:
        settled.append("count_visits = true   # each row counts as 1, as no column holds money")
    settled += _of_sales(orders)
    lines = [
        "[project]",
        f"name = {_quoted(settings.name or folder.name)}",
        f"timezone = {_quoted(settings.timezone)}   # local time of the data, such as Europe/London",
        f"currency = {_quoted(settings.currency)}   # {told}",
        f"value = {_quoted(settings.value)}   # net: refunds taken off; gross: not",
        f"margin = {settings.margin:g}   # share of spend that is margin, for lifetime value; 1: revenue",
        f"discount_rate = {settings.discount_rate:g}   # of a year, for lifetime value",
        "",
        "[[sources]]",
        'table = "orders"',
        *_place(request.orders, folder),
        f"columns = {{ {columns} }}",
        *settled,
        *(line for other in found.others for line in _of_table(other.source, folder)),
    ]
    return "\n".join(lines) + "\n"


def _of_table(source: Source, folder: Path) -> list[str]:
    """The part that declares a source of another table."""
    columns = ", ".join(f"{role} = {_quoted(name)}" for role, name in source.columns.items())
    said = [f"table = {_quoted(source.table)}", *_place(source, folder), f"columns = {{ {columns} }}"]
    return ["", "[[sources]]", *said]


def _place(source: Source, folder: Path) -> list[str]:
    """Where the rows of a source are."""
    place = f"url = {_quoted(source.url)}" if source.url else f"path = {_paths(source, folder)}"
    return [place, *([f"from = {_quoted(source.rows_from)}"] if source.rows_from else [])]


def _paths(source: Source, folder: Path) -> str:
    """The files of a source, as seen from the folder: one, or a list."""
    paths = [_quoted(os.path.relpath(file, folder)) for file in source.files]
    return paths[0] if len(paths) == 1 else f"[{', '.join(paths)}]"


def _of_sales(orders: Source) -> list[str]:
    """What was settled of states, of who is nobody, of order numbers and of amounts."""
    settled = []
    if orders.states:
        told = ", ".join(f"{_quoted(text)} = {_quoted(standing)}" for text, standing in orders.states.items())
        settled.append(f"states = {{ {told} }}   # sale, none, or refund: given back whole")
    if orders.nobody:
        settled.append(f"nobody = [{', '.join(map(_quoted, orders.nobody))}]   # ids that stand for nobody")
    if orders.order_by == "number and day":
        settled.append('order_by = "number and day"   # numbers begin again')
    if orders.amount_of == "order":
        settled.append('amount_of = "order"   # the money of the whole order, which counts once')
    return settled


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
