"""`incremental` reads what is new, whole orders at a time, and gives what reading everything gives."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import deltalake
import pyarrow as pa
import pytest

from foretell.project.errors import InputError
from shops.sales_in_databases import NAMES, ROWS, brought, paid, source

CHANGED = [
    (3, "bob", "2025-03-02 11:00:00", "A2", 6.0, "2025-03-09 09:00:00"),
    (4, "cat", "2025-03-08 12:00:00", "A3", 7.0, "2025-03-08 12:00:00"),
]


def test_a_line_that_changed_brings_its_whole_order_again_and_takes_its_place(sales: Path, tmp_path: Path) -> None:
    one = source(files=(sales,), rows_from="sales", incremental="updated_at")
    first = brought(one, tmp_path / "out")
    assert paid(first) == {"ann": 10.5, "bob": 25.25}
    assert brought(one, tmp_path / "out").added == []
    with sqlite3.connect(sales) as database:
        database.executemany("insert or replace into sales values (?, ?, ?, ?, ?, ?)", CHANGED)
    database.close()
    again = brought(one, tmp_path / "out")
    assert [load.rows_read for load in again.added] == [3]
    assert paid(again) == {"ann": 10.5, "bob": 26.0, "cat": 7.0}
    assert "new 1, changed 1" in " ".join(again.notes)
    assert not any("no longer" in note for note in again.notes)
    whole = brought(source(files=(sales,), rows_from="sales"), tmp_path / "other")
    assert paid(whole) == paid(again)
    assert brought(one, tmp_path / "out").added == []


def test_a_delta_table_that_grows_is_read_from_where_it_was(tmp_path: Path) -> None:
    one = source(files=(tmp_path / "lake",), incremental="updated_at")

    def write(rows: list[tuple[object, ...]]) -> None:
        columns = zip(*rows, strict=True)
        deltalake.write_deltalake(tmp_path / "lake", pa.table([list(c) for c in columns], names=NAMES), mode="append")

    write(ROWS)  # type: ignore[arg-type]
    brought(one, tmp_path / "out")
    write([CHANGED[1]])
    again = brought(one, tmp_path / "out")
    assert [load.rows_read for load in again.added] == [1]
    assert paid(again) == {"ann": 10.5, "bob": 25.25, "cat": 7.0}


def test_without_order_numbers_nothing_could_be_replaced(sales: Path, tmp_path: Path) -> None:
    columns = {"customer": "who", "time": "sold_at", "amount": "paid"}
    with pytest.raises(InputError, match="which they replace"):
        brought(source(files=(sales,), rows_from="sales", incremental="updated_at", columns=columns), tmp_path / "out")


def test_rows_of_which_several_facts_are_made_are_read_whole(sales: Path) -> None:
    columns = {"customer": "who", "started_at": "sold_at", "ended_at": "updated_at"}
    with pytest.raises(InputError, match="count twice"):
        brought(
            source(files=(sales,), rows_from="sales", table="subscriptions", incremental="updated_at", columns=columns),
            sales.parent / "out",
        )
