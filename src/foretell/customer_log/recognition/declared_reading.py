"""What was declared of how a source's files are to be read: the sheet, the first of counted days, visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from foretell.customer_log.files.formats import first_rows, plain_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.recognition.day_counts import counts_days
from foretell.project.errors import InputError
from foretell.project.request import Source


def read_as_declared(files: Sequence[SourceFile], source: Source, time: str = "") -> list[SourceFile]:
    """The files, each with what was declared of it; `time` is the column of times, once it is known. InputError where a
    first day is given and no column counts days."""
    if not (source.sheet or source.first_day or source.count_visits):
        return list(files)
    if source.sheet and not any(file.format == "excel" for file in files):
        raise InputError(
            "A sheet is asked for, and there is no workbook.",
            file=str(files[0].path),
            found=source.sheet,
            expected="an Excel file",
            hint="leave the sheet out",
        )
    column, first_day = time or source.columns.get("time", ""), ""
    sheet = [replace(file, sheet=source.sheet if file.format == "excel" else "") for file in files]
    if source.first_day:
        first_day = iso_day(source.first_day, "--first-day")
        column = column or _counting(sheet[0])
    return [
        replace(file, day_column=column if first_day else "", first_day=first_day, count_visits=source.count_visits)
        for file in sheet
    ]


def iso_day(text: str, option: str) -> str:
    """A day as ISO text; InputError where it is none."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise InputError(
            "The first day cannot be read.",
            found=text or "nothing",
            expected="a day such as 2025-01-01",
            hint=f"{option} 2025-01-01",
        ) from None


def _counting(file: SourceFile) -> str:
    """The column that counts days."""
    table = plain_table(file)
    rows = first_rows(table)
    for at, name in enumerate(table.column_names):
        if counts_days(name, [row[at] for row in rows if at < len(row)]):
            return name
    raise InputError(
        "A first day is given, and no column is seen to count days.",
        file=str(file.path),
        found=", ".join(table.column_names),
        expected="a column of whole numbers of days",
        hint="name it: --columns time=DAY",
    )
