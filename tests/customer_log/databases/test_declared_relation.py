"""What a source declares, and what does not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from foretell.customer_log.databases.declared_relation import kind_of_path, relation_of
from foretell.project.errors import InputError
from foretell.project.request import Source


def test_paths_are_told_by_what_they_hold(sales: Path, tmp_path: Path) -> None:
    (tmp_path / "lake" / "_delta_log").mkdir(parents=True)
    (tmp_path / "parts" / "day=1").mkdir(parents=True)
    (tmp_path / "parts" / "day=1" / "x.parquet").touch()
    (tmp_path / "shop.duckdb").write_bytes(bytes(8) + b"DUCK" + bytes(8))
    (tmp_path / "orders.csv").write_text("a,b\n")
    found = {path.name: kind_of_path(path) for path in tmp_path.iterdir()}
    expected = {"lake": "delta", "parts": "parquet", "shop.duckdb": "duckdb", "orders.csv": None, sales.name: "sqlite"}
    assert found == expected
    assert kind_of_path(tmp_path / "nothing") is None


@pytest.mark.parametrize(
    ("url", "kind"),
    [("postgres://h/d", "postgresql"), ("s3://b/o", "parquet"), ("mysql+pymysql://h/d", "sqlalchemy")],
)
def test_addresses_are_told_by_how_they_begin(url: str, kind: str) -> None:
    found = relation_of(Source((), url=url))
    assert found is not None
    assert found.kind == kind


def test_the_url_of_a_variable_leaves_its_secrets_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP", "postgresql://ann:secret@db/shop")
    found = relation_of(Source((), url_from="SHOP", rows_from="t"))
    assert found is not None
    assert "secret" not in repr(found)
    assert "ann" not in repr(found)


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"files": (Path(__file__),), "rows_from": "t"}, "from is for databases"),
        ({"files": (), "url": "s3://b/o", "query": "select 1"}, "query does not fit"),
        ({"files": (), "url": "postgresql://h/d", "query": "select 1", "rows_from": "t"}, "a table or a query"),
        ({"files": (), "url": "postgresql://h/d", "rows_from": "t", "incremental": "at"}, "which they replace"),
    ],
)
def test_what_does_not_fit_is_refused(told: dict[str, Any], what: str) -> None:
    with pytest.raises(InputError, match=what):
        relation_of(Source(**told))
