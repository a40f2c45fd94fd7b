"""Excel workbooks (xlsx, xls, xlsb, ods), read with python-calamine: formulas give the values saved with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from foretell.customer_log.files.sheets import TableSheet, cell_text, table_sheets
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import Block, rejected_rows
from foretell.project.errors import InputError

ROWS = 50_000
FIRST_ROWS = 2_000


class ExcelTable:
    """The sheets of one kind as a `SourceTable` of text columns; line is the row's number in its sheet.

    Dates come as ISO text, numbers as written without a needless `.0`. The table may begin anywhere in a sheet. `notes`
    say which sheets are read, and which are passed over.
    """

    typed = False

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.sheets, self.notes = table_sheets(_workbook(file), file, file.sheet)
        self.column_names = self.sheets[0].names

    def first_rows(self) -> list[list[str]]:
        """The first rows as texts."""
        sheet = self.sheets[0]
        rows = islice(self._rows(sheet), FIRST_ROWS)
        return [[cell_text(row[place]) for place in sheet.positions.values()] for _, row in rows]

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Block]:
        """The rows with these columns, sheet by sheet."""
        cells: list[list[str]] = [[] for _ in columns]
        numbers: list[int] = []
        for sheet in self.sheets:
            wanted = [sheet.positions[name] for name in columns]
            for number, row in self._rows(sheet):
                for column, position in zip(cells, wanted, strict=True):
                    column.append(cell_text(row[position]))
                numbers.append(number)
                if len(numbers) == ROWS:
                    yield self._block(columns, cells, numbers, sheet)
                    cells, numbers = [[] for _ in columns], []
            if numbers or len(self.sheets) == 1:
                yield self._block(columns, cells, numbers, sheet)
                cells, numbers = [[] for _ in columns], []

    def _rows(self, sheet: TableSheet) -> Iterator[tuple[int, Sequence[object]]]:
        """The rows below the header that are not empty, each with its number in the sheet."""
        for number, row in enumerate(_workbook(self.file).get_sheet_by_name(sheet.name).iter_rows(), 1):
            if number > sheet.header_line and any(cell != "" for cell in row):
                yield number, row

    def _block(self, columns: Sequence[str], cells: list[list[str]], numbers: list[int], sheet: TableSheet) -> Block:
        rows = pa.table({name: pa.array(column, pa.string()) for name, column in zip(columns, cells, strict=True)})
        part = sheet.name if len(self.sheets) > 1 else ""
        return Block(rows, np.array(numbers, np.int64), rejected_rows(self.file.name, [], [], []), part=part)


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
