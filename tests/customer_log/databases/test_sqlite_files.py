"""SQLite files: what is in them, and what cannot be read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from foretell.customer_log.databases.relation import Relation
from foretell.customer_log.databases.sqlite_files import connected
from foretell.project.errors import InputError


def test_tables_keys_and_rows_in_the_order_of_the_key(sales: Path) -> None:
    with connected(Relation("sqlite", str(sales), table="sales")) as database:
        assert database.tables() == ["sales", "staff"]
        assert database.driver.key("sales") == ["id"]
        rows = [row for block in database.rows(["number", "paid"], None) for row in block.to_pylist()]
    assert [row["paid"] for row in rows] == [10.5, 20.0, 5.25]


def test_nothing_can_be_written(sales: Path) -> None:
    with (
        connected(Relation("sqlite", str(sales))) as database,
        pytest.raises(InputError, match="cannot be read"),
    ):
        list(database.driver.answer("delete from sales"))


def test_what_another_program_holds_is_said_to_be_locked(sales: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foretell.customer_log.databases.sqlite_files.SECONDS_TO_WAIT", 0.01)
    other = sqlite3.connect(sales, isolation_level=None)
    other.execute("begin exclusive")
    try:
        with connected(Relation("sqlite", str(sales))) as database, pytest.raises(InputError, match="locked"):
            database.tables()
    finally:
        other.close()


def test_a_damaged_file_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(b"SQLite format 3\x00" + b"rubbish" * 300)
    with connected(Relation("sqlite", str(path))) as database, pytest.raises(InputError, match="damaged"):
        database.tables()


def test_the_content_changes_with_the_rows_and_else_not(sales: Path) -> None:
    def told() -> str:
        with connected(Relation("sqlite", str(sales), table="sales")) as database:
            return database.state().told

    before = told()
    assert told() == before
    with sqlite3.connect(sales) as database:
        database.execute("update sales set paid = 1 where id = 1")
    database.close()
    assert told() != before
