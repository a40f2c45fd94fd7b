"""A database at first sight."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from foretell.pipeline.intake.databases import is_database, request_of_tables, seen_tables
from foretell.pipeline.intake.requests import request_to_look_at
from foretell.project.errors import InputError


def test_what_is_a_database(sales: Path, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("a\n")
    assert [is_database(one) for one in (str(sales), "postgresql://h/d", str(tmp_path / "orders.csv"), "no")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_the_table_with_customers_times_and_money_is_that_of_orders(sales: Path) -> None:
    with sqlite3.connect(sales) as database:
        database.execute("create table orders (customer_id text, order_date text, total real)")
        database.execute("insert into orders values ('ann', '2025-01-01', 5)")
        database.execute("create view old_orders as select * from orders")
    database.close()
    tables = seen_tables([str(sales)])
    assert {table.name: table.looks_like for table in tables}["orders"] == "orders"
    request = request_of_tables(request_to_look_at([Path("database")]), tables)
    assert (request.orders.rows_from, request.orders.files) == ("orders", (sales,))
    assert request.settings.name == "shop"


def test_where_none_is_told_all_are_listed(sales: Path) -> None:
    with sqlite3.connect(sales) as database:
        database.execute("drop table sales")
    database.close()
    with pytest.raises(InputError) as refused:
        request_of_tables(request_to_look_at([Path("database")]), seen_tables([str(sales)]))
    assert "staff (not told)" in str(refused.value)


def test_files_and_databases_are_begun_apart(sales: Path) -> None:
    with pytest.raises(InputError, match="apart"):
        seen_tables([str(sales), "orders.csv"])
