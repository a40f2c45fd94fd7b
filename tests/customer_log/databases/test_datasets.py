"""Many files as one table."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.dataset as ds

from foretell.customer_log.databases.datasets import DatasetConnection
from foretell.customer_log.databases.relation import Relation, Since

ROWS = pa.table({"n": ["a", "b", "a", "c"], "at": [1, 2, 5, None], "kind": pa.array(["x"] * 4).dictionary_encode()})


def opened(whole: str = "") -> DatasetConnection:
    return DatasetConnection(Relation("delta", "/lake", incremental="at", whole=whole), ds.dataset(ROWS), "7")


def test_columns_and_whether_they_are_text() -> None:
    assert opened().columns() == {"n": True, "at": False, "kind": True}


def test_how_far_it_has_come() -> None:
    assert opened().state() == (4, "5", "5")


def numbers(found: DatasetConnection, since: Since | None) -> list[object]:
    return [cell for block in found.rows(["n"], since) for cell in block["n"].to_pylist()]


def test_what_is_new_comes_and_with_it_what_belongs_to_it() -> None:
    assert numbers(opened(), None) == ["a", "b", "a", "c"]
    assert numbers(opened(), Since("", "2")) == ["a", "b", "c"]
    assert numbers(opened(), Since("2", "5")) == ["a"]
    assert numbers(opened("n"), Since("2", "5")) == ["a", "a"]
