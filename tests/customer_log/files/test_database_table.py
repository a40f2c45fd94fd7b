"""A relation read as a file is."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from foretell.customer_log.databases.relation import Relation
from foretell.customer_log.files.database_table import DatabaseTable, plain
from foretell.customer_log.files.files_of_source import file_of
from foretell.project.errors import InputError
from shops.sales_in_databases import brought, source


def test_rows_are_counted_in_the_order_of_the_key(sales: Path) -> None:
    table = DatabaseTable(file_of(Relation("sqlite", str(sales), table="sales", key="paid")))
    (block,) = table.batches(["number", "paid"])
    assert (block.rows["paid"].to_pylist(), block.lines.tolist()) == ([5.25, 10.5, 20.0], [1, 2, 3])
    with pytest.raises(InputError, match="not in the database"):
        next(table.batches(["nothing"]))


def test_short_decimals_are_numbers_and_long_ones_keep_their_digits() -> None:
    rows = pa.table({"a": [Decimal("1.234"), None], "b": [Decimal("12345678901234567.25"), None]})
    assert plain(rows).to_pylist()[0] == {"a": 1.234, "b": "12345678901234567.25"}


def test_a_row_that_cannot_be_used_is_told_with_its_table_and_place(sales: Path, tmp_path: Path) -> None:
    with sqlite3.connect(sales) as database:
        database.execute("update sales set sold_at = 'some day' where id = 2")
    database.close()
    found = brought(source(files=(sales,), rows_from="sales", date_order="ymd"), tmp_path / "out")
    (row,) = found.store.rejected().to_pylist()
    assert (row["file"], row["line"], row["value"]) == ("sales in shop.sqlite", 2, "some day")
