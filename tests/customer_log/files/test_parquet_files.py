"""Parquet keeps its types, and its first row counts as line 2."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.customer_log.files import parquet_files
from foretell.customer_log.files.parquet_files import ParquetTable
from foretell.customer_log.files.source_files import SourceFile, source_files
from foretell.project.errors import InputError

ORDERS = pa.table({"customer": [7, 8, None], "amount": [1.5, 2.0, 3.0], "note": ["a", None, "c"]})


@pytest.fixture
def file(tmp_path: Path) -> SourceFile:
    """The orders as a file."""
    pq.write_table(ORDERS, tmp_path / "orders.parquet")
    return source_files([tmp_path])[0]


def test_columns_come_as_asked_with_their_types(file: SourceFile) -> None:
    table = ParquetTable(file)
    assert (table.column_names, table.typed, table.notes) == (ORDERS.column_names, True, [])
    (block,) = table.batches(["note", "customer"])
    assert block.rows.equals(ORDERS.select(["note", "customer"]))
    assert (block.lines.tolist(), block.rejected.num_rows) == ([2, 3, 4], 0)


def test_lines_go_on_from_block_to_block(file: SourceFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_files, "ROWS", 2)
    blocks = list(ParquetTable(file).batches(["customer"]))
    assert [block.lines.tolist() for block in blocks] == [[2, 3], [4]]
    assert pa.concat_tables([block.rows for block in blocks]).equals(ORDERS.select(["customer"]))


def test_a_packed_file_is_the_same_table(file: SourceFile) -> None:
    packed = file.path.with_suffix(".parquet.gz")
    packed.write_bytes(gzip.compress(file.path.read_bytes()))
    (block,) = ParquetTable(source_files([packed])[0]).batches(ORDERS.column_names)
    assert block.rows.equals(ORDERS)


def test_a_file_that_is_cut_off_is_refused(file: SourceFile) -> None:
    file.path.write_bytes(file.path.read_bytes()[:-20])
    with pytest.raises(InputError, match="The Parquet file is damaged or cut off") as refused:
        ParquetTable(file)
    assert (refused.value.file, refused.value.hint) == (str(file.path), "copy or write the file once more")


def test_a_file_that_is_damaged_inside_is_refused_while_it_is_read(file: SourceFile) -> None:
    table = ParquetTable(file)
    data = bytearray(file.path.read_bytes())
    data[4:60] = b"\xff" * 56
    file.path.write_bytes(bytes(data))
    with pytest.raises(InputError, match="The Parquet file is damaged or cut off"):
        list(table.batches(["customer"]))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    pq.write_table(twice, tmp_path / "twice.parquet")
    with pytest.raises(InputError, match="Two columns have the same name") as refused:
        ParquetTable(source_files([tmp_path])[0])
    assert (refused.value.column, refused.value.line) == ("a", None)
