"""One generated shop in every form in which a source may hold it: the same rows, each with the types of its kind."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import deltalake
import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from adbc_driver_postgresql import dbapi

from foretell.generated.request import ShopRequest
from foretell.generated.shop import SOURCES, generated_blocks, write_shop
from foretell.project.progress import Silent
from foretell.project.request import Source

TABLES = ("orders", "events", "profiles", "subscriptions")
REQUEST = ShopRequest(80, 250, 3)
STATES = {"paid": "sale", "refunded": "refund", "failed": "none"}
Put = Callable[[Path], Callable[[str], Mapping[str, Any]]]


def shop_tables() -> dict[str, pa.Table]:
    """The rows of the shop by table, typed, in an order of no meaning."""
    block = next(iter(generated_blocks(REQUEST)))
    return {name: block[name].take(pa.array(range(len(block[name]) - 1, -1, -1))) for name in TABLES}


def sources_of(where: Callable[[str], Mapping[str, Any]]) -> tuple[Source, ...]:
    """A source for each table; `where` says what of a source tells the place of one."""
    return tuple(
        Source(**{"files": (), "table": name, "columns": dict(SOURCES[name]), **where(name)},
               states=STATES if name == "orders" else {}, nobody=())
        for name in TABLES
    )  # fmt: skip


def as_csv(folder: Path) -> Callable[[str], Mapping[str, Any]]:
    write_shop(REQUEST, folder / "csv", Silent())
    return lambda name: {"files": (folder / "csv" / f"{name}.csv",)}


def as_sqlite(folder: Path) -> Callable[[str], Mapping[str, Any]]:
    path = folder / "shop.sqlite"
    with sqlite3.connect(path) as database:
        for name, table in shop_tables().items():
            told = ", ".join(f'"{field.name}" {_sqlite_type(field.type)}' for field in table.schema)
            database.execute(f"create table {name} ({told})")
            rows = zip(*(_as_sqlite_has_it(column) for column in table.columns), strict=True)
            database.executemany(f"insert into {name} values ({', '.join('?' * table.num_columns)})", rows)
    database.close()
    return lambda name: {"files": (path,), "rows_from": name}


def as_duckdb(folder: Path) -> Callable[[str], Mapping[str, Any]]:
    path = folder / "shop.duckdb"
    with duckdb.connect(str(path)) as database:
        for name, table in shop_tables().items():
            database.register("rows", table)
            database.execute(f"create table {name} as select * from rows")
    return lambda name: {"files": (path,), "rows_from": name}


def as_delta(folder: Path) -> Callable[[str], Mapping[str, Any]]:
    for name, table in shop_tables().items():
        half = len(table) // 2
        for part in (table.slice(0, half), table.slice(half)):
            deltalake.write_deltalake(folder / "lake" / name, _in_microseconds(part), mode="append")
    return lambda name: {"files": (folder / "lake" / name,)}


def as_parquet(folder: Path) -> Callable[[str], Mapping[str, Any]]:
    for name, table in shop_tables().items():
        part = pa.array([f"p{at % 3}" for at in range(len(table))])
        ds.write_dataset(
            table.append_column("part", part), folder / "parts" / name, format="parquet",
            partitioning=ds.partitioning(pa.schema([("part", pa.string())]), flavor="hive"),
        )  # fmt: skip
    return lambda name: {"files": (folder / "parts" / name,)}


def as_objects(folder: Path) -> Callable[[str], Mapping[str, Any]]:
    as_parquet(folder)
    return lambda name: {"url": (folder / "parts" / name).as_uri()}


def as_postgresql(url: str) -> Callable[[str], Mapping[str, Any]]:
    """The tables in the schema `shop` of a server, times with a zone, money as numeric."""
    with dbapi.connect(url) as database, database.cursor() as cursor:
        cursor.execute("create schema if not exists shop")
        for name, table in shop_tables().items():
            told = ", ".join(f'"{field.name}" {_postgresql_type(field.type)}' for field in table.schema)
            cursor.execute(f"drop table if exists shop.{name}")
            cursor.execute(f"create table shop.{name} ({told})")
            texts = pa.table({column: pc.cast(table[column], pa.string()) for column in table.column_names})
            cursor.adbc_ingest("texts", texts, mode="create", temporary=True)
            cast = ", ".join(f'"{field.name}"::{_postgresql_type(field.type)}' for field in table.schema)
            cursor.execute("set local timezone = 'UTC'")
            cursor.execute(f"insert into shop.{name} select {cast} from texts")
            cursor.execute("drop table texts")
        database.commit()
    return lambda name: {"url": url, "rows_from": f"shop.{name}"}


def _postgresql_type(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "timestamptz"
    return "numeric(18, 2)" if pa.types.is_decimal(kind) else "bigint" if pa.types.is_integer(kind) else "text"


def _sqlite_type(kind: pa.DataType) -> str:
    return "real" if pa.types.is_decimal(kind) else "integer" if pa.types.is_integer(kind) else "text"


def _as_sqlite_has_it(column: pa.ChunkedArray) -> list[object]:
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.string()).to_pylist()
    return (column.cast(pa.float64()) if pa.types.is_decimal(column.type) else column).to_pylist()


def _in_microseconds(table: pa.Table) -> pa.Table:
    """The table as Delta keeps times."""
    fields = [pa.field(f.name, pa.timestamp("us") if pa.types.is_timestamp(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(fields))
