"""Which class reads which format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from foretell.customer_log.files.csv_files import CsvTable
from foretell.customer_log.files.database_table import DatabaseTable
from foretell.customer_log.files.excel_files import ExcelTable
from foretell.customer_log.files.json_lines import JsonLinesTable
from foretell.customer_log.files.parquet_files import ParquetTable
from foretell.customer_log.files.source_files import Format, SourceFile
from foretell.customer_log.files.source_table import SourceTable
from foretell.customer_log.layout.arranged_table import ArrangedTable
from foretell.customer_log.layout.counted_days import CountedDays
from foretell.customer_log.layout.counted_visits import CountedVisits
from foretell.customer_log.layout.row_layout import RowLayout, layout_of
from foretell.project.errors import InputError

OWN_RESULTS = {"as_of", "horizon_days", "p_purchase", "expected_orders", "expected_spend"}
"""Columns that stand together in scores alone."""
FORMATS: dict[Format, Callable[[SourceFile], SourceTable]] = {
    "csv": CsvTable,
    "parquet": ParquetTable,
    "json_lines": JsonLinesTable,
    "excel": ExcelTable,
    "database": DatabaseTable,
}


def open_table(file: SourceFile) -> SourceTable:
    """The file as a table in which each row says all about itself, its header read and its rows not yet; InputError
    where it has none."""
    table = plain_table(file)
    if set(table.column_names) >= OWN_RESULTS:
        raise InputError(
            "This is the result of a Foretell run, not a log of orders.",
            file=str(file.path),
            found=", ".join(table.column_names),
            expected="the orders that the run was made from",
            hint="name the file of the orders, or keep results in a folder of their own: --out DIR",
        )
    layout = _layout_of(table, file, file.changed_at)
    if layout:
        table = ArrangedTable(table, layout)
    if file.first_day and file.day_column:
        table = CountedDays(table, file.day_column, file.first_day)
    return CountedVisits(table) if file.count_visits else table


KNOWN: dict[tuple[SourceFile, int], RowLayout | None] = {}
"""Layouts of the files that were opened last: a file is opened several times on its way into the log."""
MOST_KNOWN = 64


def _layout_of(table: SourceTable, file: SourceFile, changed_at: int) -> RowLayout | None:
    key = (replace(file, skip_bytes=0), changed_at)
    if key not in KNOWN:
        while len(KNOWN) >= MOST_KNOWN:
            KNOWN.pop(next(iter(KNOWN)))
        KNOWN[key] = layout_of(table.column_names, first_rows(table))
    return KNOWN[key]


def plain_table(file: SourceFile) -> SourceTable:
    """The file as a table of rows as they stand, whatever they lean on."""
    return FORMATS[file.format](file)


def first_rows(table: SourceTable) -> list[list[str]]:
    """The first rows as texts, "" where a cell is empty; none of a format whose rows always say all."""
    if isinstance(table, CsvTable | ExcelTable | ParquetTable):
        return table.first_rows()
    return []
