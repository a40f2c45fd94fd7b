"""The same facts make the same log to the byte, wherever they come from; scores follow from the log alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from foretell.customer_log.files.files_of_source import files_of
from foretell.customer_log.ingest import ingest
from foretell.pipeline.intake.columns import settled_columns
from foretell.project.intervals import parse_day
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.project.request import Asked, Request, Settings, Source
from shops import shop_in_databases as made

NOW = parse_day("2026-01-01", "UTC")


def log_of(sources: tuple[Source, ...], folder: Path) -> Mapping[tuple[str, int, int], str]:
    """The digest of every file of facts of a log, by kind, bucket and place among the loads."""
    request = Request(sources, Settings(timezone="UTC"), Asked(), Place.of_results(folder), NOW, identity="one shop")
    files = files_of(request.orders)
    columns, request = settled_columns(files, request, None)
    found = ingest(files, columns, request, Silent())
    number = {load.load: load.number for load in found.loads}
    kept = [file for file in found.store.manifest.files() if file.kind not in ("rejected", "left_out")]
    assert not len(found.store.rejected())
    return {(file.kind, file.bucket, number[file.load]): file.digest for file in kept}


@pytest.fixture(scope="module")
def csv_log(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, int, int], str]:
    """The log of the shop as CSV files."""
    folder = tmp_path_factory.mktemp("csv")
    log = log_of(made.sources_of(made.as_csv(folder)), folder / "out")
    assert {kind for kind, *_ in log} >= {"orders", "order_lines", "customers", "ledger", "events", "profiles"}
    return log


@pytest.mark.parametrize("put", [made.as_sqlite, made.as_duckdb, made.as_delta, made.as_parquet, made.as_objects])
def test_files_and_folders_give_the_log_of_csv(
    put: made.Put, csv_log: Mapping[tuple[str, int, int], str], tmp_path: Path
) -> None:
    assert log_of(made.sources_of(put(tmp_path)), tmp_path / "out") == csv_log


@pytest.mark.outside("postgresql")
def test_postgresql_gives_the_log_of_csv(
    postgresql: str, csv_log: Mapping[tuple[str, int, int], str], tmp_path: Path
) -> None:
    assert log_of(made.sources_of(made.as_postgresql(postgresql)), tmp_path / "out") == csv_log
