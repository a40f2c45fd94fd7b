"""Excel workbooks (xlsx, xls, xlsb, ods), read with python-calamine: formulas give the values saved with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import Block, refuse_twice_named, rejected_rows
from foretell.project.errors import InputError

ROWS = 50_000


class ExcelTable:
    """The first sheet with data as a `SourceTable` of text columns; line is the row's number in the sheet.

    Dates come as ISO text, numbers as written without a needless `.0`. The other sheets with data are
    named in `notes`.
    """

    typed = False

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.notes: list[str] = []
        workbook = _workbook(file)
        self.sheet = ""
        others = []
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.total_height and sheet.total_width:
                if self.sheet:
                    others.append(name)
                else:
                    self.sheet = name
        if not self.sheet:
            raise InputError("The workbook is empty.", file=str(file.path), expected="a header and at least one row")
        if others:
            self.notes.append(f"{file.name}: the sheet {self.sheet} is read; not read: {', '.join(others)}")
        self.first_line, self.column_names = self._header(workbook)

    def _header(self, workbook: CalamineWorkbook) -> tuple[int, list[str]]:
        rows = workbook.get_sheet_by_name(self.sheet).to_python(skip_empty_area=False, nrows=50)
        number, header = next(((i, row) for i, row in enumerate(rows, 1) if any(c != "" for c in row)), (0, []))
        if not number:
            raise InputError("The first fifty rows of the sheet are empty.", file=str(self.file.path), found=self.sheet)
        filled = sum(c != "" for c in header)
        widest = max(sum(c != "" for c in row) for row in rows[number:]) if len(rows) > number else filled
        if filled <= widest // 2:
            raise InputError(
                "There are lines above the header.",
                file=str(self.file.path),
                line=number,
                found=", ".join(_text(c) for c in header if c != ""),
                expected=f"a header of {widest} columns in the first row",
                hint="remove the rows above it",
            )
        if any(not isinstance(c, str) for c in header):
            raise InputError(
                "The first row is not a header.",
                file=str(self.file.path),
                line=number,
                found=", ".join(_text(c) for c in header),
                expected="the names of the columns",
                hint="add a row with the names, such as customer_id, date, amount",
            )
        names = [str(c).strip() or f"column {i + 1}" for i, c in enumerate(header)]
        refuse_twice_named(names, self.file, number)
        return number, names

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Block]:
        """The rows with these columns; a row with an error value such as #REF! in one of them is rejected."""
        wanted = [self.column_names.index(name) for name in columns]
        cells: list[list[str]] = [[] for _ in columns]
        numbers: list[int] = []
        sheet = _workbook(self.file).get_sheet_by_name(self.sheet)
        for number, row in enumerate(sheet.iter_rows(), 1):
            if number <= self.first_line or all(c == "" for c in row):
                continue
            for column, position in zip(cells, wanted, strict=True):
                column.append(_text(row[position]))
            numbers.append(number)
            if len(numbers) == ROWS:
                yield self._block(columns, cells, numbers)
                cells, numbers = [[] for _ in columns], []
        yield self._block(columns, cells, numbers)

    def _block(self, columns: Sequence[str], cells: list[list[str]], numbers: list[int]) -> Block:
        rows = pa.table({name: pa.array(column, pa.string()) for name, column in zip(columns, cells, strict=True)})
        return Block(rows, np.array(numbers, np.int64), rejected_rows(self.file.name, [], [], []))


def _workbook(file: SourceFile) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(file.open())
    except (CalamineError, OSError, ValueError) as error:
        raise InputError(
            "The Excel file is damaged or locked by a password.",
            file=str(file.path),
            found=str(error),
            hint="open it in Excel and save it once more without a password, or as CSV",
        ) from None


def _text(cell: object) -> str:
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
