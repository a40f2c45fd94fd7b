"""One way to ask any SQL database."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.customer_log.databases.connection import connected
from foretell.customer_log.databases.relation import Relation
from foretell.project.errors import InputError


def test_an_unknown_table_is_refused_with_those_that_are_known(sales: Path) -> None:
    orders = Relation("sqlite", str(sales), table="orders")
    with connected(orders) as database, pytest.raises(InputError) as refused:
        database.columns()
    assert (refused.value.found, refused.value.expected) == ("orders", "one of: sales, staff")


def test_a_query_is_a_table_too(sales: Path) -> None:
    relation = Relation("sqlite", str(sales), query="select who, sum(paid) as paid from sales group by who;")
    with connected(relation) as database:
        assert list(database.columns()) == ["who", "paid"]
        assert database.state().rows == 2
        blocks = list(database.rows(["paid"], None))
    assert [row["paid"] for block in blocks for row in block.to_pylist()] == [10.5, 25.25]


def test_how_far_a_column_has_come(sales: Path) -> None:
    with connected(Relation("sqlite", str(sales), table="sales", incremental="updated_at")) as database:
        assert database.state() == (3, "2025-03-02 11:00:00", "2025-03-02 11:00:00")
