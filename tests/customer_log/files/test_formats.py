"""A file is read by the class of its format, and every format gives the same rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook  # type: ignore[import-untyped]  # has no types

from foretell.customer_log.files.formats import FORMATS, open_table
from foretell.customer_log.files.source_files import source_files

ROWS = [{"customer": "C1", "amount": "9.50"}, {"customer": "Zoë", "amount": "7.25"}]


def as_csv(path: Path) -> None:
    path.write_text("customer,amount\n" + "".join(f"{row['customer']},{row['amount']}\n" for row in ROWS))


def as_json_lines(path: Path) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))


def as_parquet(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(ROWS), path)


def as_excel(path: Path) -> None:
    made = Workbook()
    for row in (list(ROWS[0]), *(list(row.values()) for row in ROWS)):
        made.worksheets[0].append(row)
    made.save(path)


WRITERS: dict[str, Callable[[Path], None]] = {
    "csv": as_csv, "json_lines": as_json_lines, "parquet": as_parquet, "excel": as_excel
}  # fmt: skip


def test_the_same_rows_are_read_from_every_format_whatever_the_name(tmp_path: Path) -> None:
    assert set(WRITERS) == set(FORMATS) - {"database"}
    for name, write in WRITERS.items():
        path = tmp_path / f"{name}.dat"
        write(path)
        (file,) = source_files([path])
        table = open_table(file)
        assert isinstance(table, FORMATS[file.format])  # type: ignore[arg-type]
        blocks = list(table.batches(["customer", "amount"]))
        assert (file.format, table.column_names) == (name, ["customer", "amount"])
        assert [row for block in blocks for row in block.rows.to_pylist()] == ROWS, name
