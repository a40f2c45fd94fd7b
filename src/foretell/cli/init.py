"""`foretell init`: a first look at files, and a declaration of them."""

from __future__ import annotations

from typing import Annotated

import typer

from foretell.cli.options import (
    ColumnsOption,
    Currency,
    DateOrderOption,
    DecimalOption,
    FirstDayOption,
    Json,
    NobodyOption,
    SheetOption,
    StatesOption,
    VisitsOption,
    Yes,
)


def init(  # noqa: PLR0913 - a door: each argument is an option of its user
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Files, a folder, a pattern, a database or its URL.", metavar="FILE..."),
    ] = None,
    columns: ColumnsOption = None,
    states: StatesOption = None,
    nobody: NobodyOption = None,
    date_order: DateOrderOption = None,
    decimal: DecimalOption = None,
    sheet: SheetOption = None,
    first_day: FirstDayOption = None,
    currency: Currency = None,
    count_visits: VisitsOption = False,
    yes: Yes = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a foretell.toml that is there.")] = False,
    as_json: Json = False,
) -> None:
    """Look at files or a database, show which table and column is taken for what, and write foretell.toml."""
    from foretell.cli.screen.init import begin

    how = {
        "date_order": date_order.value if date_order else None,
        "decimal": decimal,
        "states": states,
        "nobody": nobody,
        "sheet": sheet,
        "first_day": first_day,
        "currency": currency,
        "count_visits": count_visits or None,
    }
    begin(files or [], columns, how, yes, force, as_json)
