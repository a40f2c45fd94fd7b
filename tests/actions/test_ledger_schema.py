"""The ledger only grows: whatever is tried with any of its tables, only an erased id is ever changed."""

from __future__ import annotations

import sqlite3

import pytest

from foretell.actions.ledger_schema import COLUMNS, schema

ROWS = """
insert into campaigns values ('c', 'p', 'batch', null, 1, 60, 'orders', '{}');
insert into acts values (1, 'c', 'run', 'Ann', 1);
insert into assignments values ('c', 'zoe', 1, 'treated', 'mail', 'e-mail', 0.5, 'all', 0.9, 1);
insert into fates values ('c', 'zoe', 'sent', 2, '');
insert into pilots values ('p 1', 'p', 'At risk', '{}', 'Ann', 1);
insert into decisions values ('p 1', 1, 'go', 2, 'Ann', '{}');
"""


@pytest.fixture
def ledger() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(f"{schema()} pragma foreign_keys = on; {ROWS}")
    return connection


def everything(ledger: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    return [ledger.execute(f"select * from {table}").fetchall() for table in COLUMNS]


@pytest.mark.parametrize("table", COLUMNS)
def test_no_row_is_deleted_and_no_column_changed(ledger: sqlite3.Connection, table: str) -> None:
    before = everything(ledger)
    columns = [row[1] for row in ledger.execute(f"pragma table_info({table})")]
    changes = [f"update {table} set {name} = '9'" for name in columns]
    if stays := COLUMNS[table]:
        changes += [f"update {table} set customer = 'forgotten 1', {name} = '9'" for name in stays]
        assert {*stays, "customer"} == set(columns)
    for change in (f"delete from {table}", *changes):
        with pytest.raises(sqlite3.IntegrityError):
            ledger.execute(change)
    assert everything(ledger) == before


def test_an_erased_id_takes_its_fates_along(ledger: sqlite3.Connection) -> None:
    ledger.execute("update assignments set customer = 'forgotten 1'")
    assert ledger.execute("select customer, fate from fates").fetchall() == [("forgotten 1", "sent")]
    assert "zoe" not in str(everything(ledger))
