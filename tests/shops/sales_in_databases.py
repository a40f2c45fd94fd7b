"""Small databases of sales, and a log that is brought up to date with them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from foretell.customer_log.files.files_of_source import files_of
from foretell.customer_log.ingest import Ingested, ingest
from foretell.customer_log.roles.named_columns import columns_of
from foretell.project.intervals import parse_day
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.project.request import Asked, Request, Settings, Source

NOW = parse_day("2026-01-01", "UTC")
COLUMNS = {"customer": "who", "time": "sold_at", "order": "number", "amount": "paid"}
ROWS = [
    (1, "ann", "2025-03-01 10:00:00", "A1", 10.5, "2025-03-01 10:00:00"),
    (2, "bob", "2025-03-02 11:00:00", "A2", 20.0, "2025-03-02 11:00:00"),
    (3, "bob", "2025-03-02 11:00:00", "A2", 5.25, "2025-03-02 11:00:00"),
]
NAMES = ("id", "who", "sold_at", "number", "paid", "updated_at")


def written_sales(folder: Path) -> Path:
    """A SQLite file with a table of three order lines, and a table of one other column."""
    path = folder / "shop.sqlite"
    with sqlite3.connect(path) as database:
        database.execute(
            "create table sales (id integer primary key, who text, sold_at text, number text, paid real,"
            " updated_at text)"
        )
        database.execute("create table staff (name text)")
        database.executemany("insert into sales values (?, ?, ?, ?, ?, ?)", ROWS)
    database.close()
    return path


def source(**told: Any) -> Source:
    """A source of orders."""
    return Source(**{"files": (), "columns": COLUMNS, "nobody": (), **told})


def brought(one: Source, folder: Path) -> Ingested:
    """The log of a source, brought up to date."""
    request = Request((one,), Settings(timezone="UTC"), Asked(), Place.of_results(folder), NOW, identity="sales")
    return ingest(files_of(one), columns_of(dict(one.columns)), request, Silent())


def paid(found: Ingested) -> Mapping[str, float]:
    """What counts now of each customer, in whole money."""
    sums: dict[str, float] = {}
    store = found.store
    ids: dict[int, str] = {}
    for file in store.manifest.files("customers"):
        rows = pq.read_table(store.root / file.path)
        ids |= dict(zip(rows["customer_key"].to_pylist(), rows["customer_id"].to_pylist(), strict=True))
    for file in store.manifest.files("orders"):
        rows = pq.read_table(store.root / file.path)
        ends = rows["gone_at"].to_pylist() if "gone_at" in rows.column_names else [None] * len(rows)
        for key, amount, end in zip(rows["customer_key"].to_pylist(), rows["amount"].to_pylist(), ends, strict=True):
            if end is None or end > NOW:
                sums[ids[key]] = sums.get(ids[key], 0.0) + amount / 10_000
    return sums
