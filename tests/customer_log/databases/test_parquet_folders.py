"""Divided folders of Parquet."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.customer_log.databases.parquet_folders import connected
from foretell.customer_log.databases.relation import Relation
from foretell.project.errors import InputError


def written(folder: Path, month: str, values: list[int]) -> None:
    place = folder / f"month={month}"
    place.mkdir(parents=True)
    pq.write_table(pa.table({"n": values}), place / "part.parquet")


@pytest.mark.parametrize("is_url", [False, True])
def test_the_names_of_folders_are_columns_and_a_new_file_is_seen(tmp_path: Path, is_url: bool) -> None:
    folder = tmp_path / "orders"
    written(folder, "2024-02", [3])
    written(folder, "2024-01", [1, 2])
    (folder / "_SUCCESS").write_text("")
    relation = Relation("parquet", folder.as_uri() if is_url else str(folder))
    with connected(relation) as database:
        rows = [row for block in database.rows(["n", "month"], None) for row in block.to_pylist()]
        told = database.state().told
    assert rows == [{"n": 1, "month": "2024-01"}, {"n": 2, "month": "2024-01"}, {"n": 3, "month": "2024-02"}]
    written(folder, "2024-03", [4])
    with connected(relation) as database:
        assert database.state().told != told
        assert database.state().rows == 4


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no Parquet"), connected(Relation("parquet", str(tmp_path))):
        pass


def test_an_endpoint_of_the_environment_that_is_away_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key-of-nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-nobody")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(InputError) as refused, connected(Relation("parquet", "s3://bucket/orders")):
        pass
    assert "of-nobody" not in str(refused.value)
