"""Which class reads which format."""

from __future__ import annotations

from collections.abc import Callable

from foretell.customer_log.files.csv_files import CsvTable
from foretell.customer_log.files.excel_files import ExcelTable
from foretell.customer_log.files.json_lines import JsonLinesTable
from foretell.customer_log.files.parquet_files import ParquetTable
from foretell.customer_log.files.source_files import Format, SourceFile
from foretell.customer_log.files.source_table import SourceTable

FORMATS: dict[Format, Callable[[SourceFile], SourceTable]] = {
    "csv": CsvTable,
    "parquet": ParquetTable,
    "json_lines": JsonLinesTable,
    "excel": ExcelTable,
}


def open_table(file: SourceFile) -> SourceTable:
    """The file as a table, its header read and its rows not yet; InputError where it has none."""
    return FORMATS[file.format](file)
