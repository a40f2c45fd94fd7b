"""Delta tables: the newest version, known by its number."""

from __future__ import annotations

from pathlib import Path

import deltalake
import pyarrow as pa
import pytest

from foretell.customer_log.databases.delta_tables import connected
from foretell.customer_log.databases.relation import Relation
from foretell.project.errors import InputError


def test_what_a_later_version_took_away_is_not_read(tmp_path: Path) -> None:
    table = tmp_path / "lake"
    deltalake.write_deltalake(table, pa.table({"n": [1, 2]}))
    with connected(Relation("delta", str(table))) as first:
        assert sum(map(len, first.rows(["n"], None))) == 2
    deltalake.DeltaTable(table).delete("n = 1")
    with connected(Relation("delta", str(table))) as second:
        assert sum(map(len, second.rows(["n"], None))) == 1
    assert first.told != second.told


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"), connected(Relation("delta", str(tmp_path))):
        pass
