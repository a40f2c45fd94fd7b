"""Which class reads which format."""

from __future__ import annotations

from collections.abc import Callable

from foretell.customer_log.csv_files import CsvTable
from foretell.customer_log.excel_files import ExcelTable
from foretell.customer_log.json_lines import JsonLinesTable
from foretell.customer_log.parquet_files import ParquetTable
from foretell.customer_log.source_files import Format, SourceFile
from foretell.customer_log.source_table import SourceTable

FORMATS: dict[Format, Callable[[SourceFile], SourceTable]] = {
    "csv": CsvTable,
    "parquet": ParquetTable,
    "json_lines": JsonLinesTable,
    "excel": ExcelTable,
}


def open_table(file: SourceFile) -> SourceTable:
    """The file as a table, its header read and its rows not yet; InputError where it has none."""
    return FORMATS[file.format](file)
