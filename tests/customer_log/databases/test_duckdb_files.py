"""DuckDB files: what is in them, and what cannot be read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from foretell.customer_log.databases.duckdb_files import connected
from foretell.customer_log.databases.relation import Relation
from foretell.project.errors import InputError

HOLDS = "import duckdb, sys; d = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "shop.duckdb"
    with duckdb.connect(str(found)) as database:
        database.execute("create schema web; create table web.sales (id int primary key, paid decimal(10, 3))")
        database.execute("insert into web.sales values (2, 1.234), (1, 20)")
    return found


def test_a_schema_is_named_before_its_table_and_the_key_orders_the_rows(path: Path) -> None:
    with connected(Relation("duckdb", str(path), table="web.sales")) as database:
        assert database.tables() == ["web.sales"]
        assert database.driver.key("web.sales") == ["id"]
        assert [row["id"] for block in database.rows(["id"], None) for row in block.to_pylist()] == [1, 2]


def test_a_column_that_is_not_there_is_said(path: Path) -> None:
    with (
        connected(Relation("duckdb", str(path), table="web.sales")) as database,
        pytest.raises(InputError, match="column is not in"),
    ):
        list(database.rows(["nothing"], None))


def test_a_file_that_another_program_has_open_is_locked(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(path)], stdin=-1, stdout=-1) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"open"
        with pytest.raises(InputError, match="locked"), connected(Relation("duckdb", str(path))):
            pass
        other.communicate(b"")
