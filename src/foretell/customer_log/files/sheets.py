"""The sheets of a workbook: which hold the table, where it begins in each, and which are of another shape."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from python_calamine import CalamineSheet, CalamineWorkbook

from foretell.customer_log.files.header_row import header_row, titles_told
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import refuse_twice_named
from foretell.customer_log.roles.column_names import name_score
from foretell.project.errors import InputError
from foretell.words.wording import joined

LOOKED_AT = 60
SURE = 0.5
ROLES = (("customer",), ("time",), ("amount", "unit_price"))


@dataclass(frozen=True)
class TableSheet:
    """A sheet with a table: the number of its header row in the sheet (from 1), the names of its columns with the
    position of each in a row as it is read, and what is said of its title lines."""

    name: str
    header_line: int
    positions: dict[str, int]
    likely: int
    titles: str

    @property
    def names(self) -> list[str]:
        return list(self.positions)


def table_sheets(workbook: CalamineWorkbook, file: SourceFile, asked: str) -> tuple[list[TableSheet], list[str]]:
    """The sheets that are one table, and the notes about them: that of the `asked` name, else those with the columns of
    the sheet that looks most like orders. InputError where there is none."""
    filled = [sheet for sheet in map(workbook.get_sheet_by_name, workbook.sheet_names) if _holds_cells(sheet)]
    if asked:
        filled = [sheet for sheet in filled if sheet.name == asked]
        if not filled:
            raise InputError(
                "There is no sheet of this name with data in the workbook.",
                file=str(file.path),
                found=asked,
                expected=f"one of: {', '.join(workbook.sheet_names)}",
                hint=f"--sheet {workbook.sheet_names[0]!r}" if workbook.sheet_names else None,
            )
    if not filled:
        raise InputError("The workbook is empty.", file=str(file.path), expected="a header and at least one row")
    told = [_told(sheet, file) for sheet in filled]
    tables = [found for found in told if isinstance(found, TableSheet)]
    if not tables:
        raise next(found for found in told if isinstance(found, InputError))
    best = max(tables, key=lambda table: table.likely)
    taken = [table for table in tables if set(table.names) == set(best.names)]
    names = [table.name for table in taken]
    others = [sheet.name for sheet in filled if sheet.name not in names]
    notes = [table.titles for table in taken if table.titles]
    if len(taken) > 1:
        notes.append(f"{file.name}: the sheets {joined(names)} have the same columns and are read as one table")
    if others:
        read = f"read is the sheet {names[0]}" if len(names) == 1 else f"read are the sheets {joined(names)}"
        left = f"the sheet {others[0]} has" if len(others) == 1 else f"the sheets {joined(others)} have"
        passed = "is passed over" if len(others) == 1 else "are passed over"
        notes.append(f"{file.name}: {read}; {left} other columns and {passed} (--sheet NAME reads one alone)")
    return taken, notes


def cell_text(cell: object) -> str:
    """A cell as people write it: dates in ISO form, numbers without a needless `.0`."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < 2**53:
            return str(int(cell))
        case dt.datetime():
            return cell.isoformat(" ")
        case dt.date() | dt.time():
            return cell.isoformat()
        case dt.timedelta():
            return str(cell)
        case _:
            return str(cell)


def _holds_cells(sheet: CalamineSheet) -> bool:
    return bool(sheet.total_height and sheet.total_width)


def _told(sheet: CalamineSheet, file: SourceFile) -> TableSheet | InputError:
    """Where the table of a sheet begins, or why it holds none."""
    begin, place = sheet.start[0] if sheet.start else 0, f"{file.path}, sheet {sheet.name}"
    rows = sheet.to_python(skip_empty_area=True, nrows=LOOKED_AT)
    numbered = [(begin + at, row) for at, row in enumerate(rows, 1) if any(c != "" for c in row)]
    texts = [[cell_text(cell) for cell in row] for _, row in numbered]
    at = header_row(texts) if texts else -1
    if at < 0:
        return _refused(
            "There are lines above the header.", place, numbered, "the names of the columns in the first row"
        )
    number, header = numbered[at]
    if any(not isinstance(cell, str) for cell in header):
        return _refused("The first row is not a header.", place, numbered[at:], "the names of the columns")
    below = [row for _, row in numbered[at + 1 :]]
    shown = [i for i, cell in enumerate(header) if str(cell).strip() or any(row[i] != "" for row in below)]
    names = [str(header[i]).strip() or f"column {i + 1}" for i in shown]
    try:
        refuse_twice_named(names, file, number)
    except InputError as error:
        return error
    dated = any(isinstance(cell, dt.date | dt.datetime) for row in below for cell in row)
    likely = sum(max(name_score(role, name) for role in roles for name in names) >= SURE for roles in ROLES) + dated
    positions = dict(zip(names, shown, strict=True))
    return TableSheet(sheet.name, number, positions, likely, titles_told(texts[:at], f"{file.name}, {sheet.name}"))


def _refused(what: str, place: str, rows: Sequence[tuple[int, Sequence[object]]], expected: str) -> InputError:
    number, first = rows[0] if rows else (1, [])
    return InputError(
        what,
        file=place,
        line=number,
        found=", ".join(cell_text(cell) for cell in first if cell != ""),
        expected=expected,
        hint="add a row with the names, such as customer_id, date, amount, and remove what stands above it",
    )
