"""`init`: a first look at the files, the guess for a person to check, and a foretell.toml of a dozen lines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from foretell.answers.intake import intake_as_json
from foretell.cli.screen.question import question
from foretell.customer_log.recognition.preview import Preview
from foretell.pipeline.intake.check import checked_intake
from foretell.pipeline.intake.databases import NOT_TOLD, SeenTable, is_database, request_of_tables, seen_tables
from foretell.pipeline.intake.init import Recognised, recognised, write_declaration
from foretell.pipeline.intake.requests import request_to_look_at
from foretell.pipeline.intake.tables import told_apart
from foretell.project.progress import Silent
from foretell.project.request import Request


def begin(
    files: Sequence[str | Path], columns: str | None, how: Mapping[str, object], yes: bool, force: bool, as_json: bool
) -> None:
    """Show what the files seem to hold, ask what cannot be told, write foretell.toml here; `how` is how the rows are
    to be read, as far as it was given."""
    request, tables = _asked([str(file) for file in files], columns, how)
    request = replace(request, assume_yes=yes)
    found = recognised(request, question(request, as_json))
    if as_json:
        intake, currency = checked_intake(told_apart(request), None, Silent())
        path = write_declaration(found, Path.cwd(), force)
        told: dict[str, object] = {"file": str(path), "columns": found.columns.used(), "currency": currency}
        if tables:
            told["tables"] = {table.name: table.looks_like for table in tables}
        if found.others:
            told["sources"] = [other.as_plain() for other in found.others]
        print(json.dumps({**told, "intake": intake_as_json(intake)}, ensure_ascii=False))
        return
    path = write_declaration(found, Path.cwd(), force)
    _print_tables(tables, found)
    _print(found)
    print(f"Written: {path.name}. Check it, then: foretell run")


def _asked(files: Sequence[str], columns: str | None, how: Mapping[str, object]) -> tuple[Request, list[SeenTable]]:
    """The request about files, or about the tables of a database, which are listed."""
    if not any(map(is_database, files)):
        return request_to_look_at([Path(file) for file in files], columns=columns, **how), []
    tables = seen_tables(files)
    return request_of_tables(request_to_look_at([Path("database")], columns=columns, **how), tables), tables


def _print_tables(tables: list[SeenTable], found: Recognised) -> None:
    read = {(one.table, one.rows_from) for one in (found.request.orders, *(other.source for other in found.others))}
    for table in tables:
        place = (table.looks_like, table.source.rows_from)
        left_out = "" if place in read or table.looks_like == NOT_TOLD else ", left out: "
        is_like_orders = table.looks_like == "orders"
        why = "another one looks more like orders" if is_like_orders else "none of its customers ordered"
        print(f"{table.name}: {table.looks_like}{left_out}{why if left_out else ''}")


def _print(found: Recognised) -> None:
    console = Console(highlight=False, markup=False)
    seen: Preview = found.seen
    console.print(f"{', '.join(file.name for file in seen.files[:3])}: {len(seen.column_names)} columns")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("role", "column", "sure", "because", "first rows"):
        table.add_column(name)
    for role, guess in seen.guess.roles.items():
        place = seen.column_names.index(guess.column)
        rows = " · ".join(row[place][:24] for row in seen.rows)
        table.add_row(role, guess.column, f"{guess.confidence:.0%}", guess.why, rows)
    if found.currency_from:
        table.add_row("money in", found.request.settings.currency, "guess", f"the name of {found.currency_from}", "")
    console.print(table)
    for other in found.others:
        names = other.source.rows_from or ", ".join(path.name for path in other.source.files)
        roles = ", ".join(f"{role} = {column}" for role, column in other.source.columns.items())
        console.print(f"{names}: {other.source.table}; {roles}")
        console.print(f"  {other.match}")
        for said in other.said:
            console.print(f"  {said}")
    for note in dict.fromkeys((*seen.notes, *(seen.conventions.notes if seen.conventions else ()))):
        console.print(f"  {note}")
