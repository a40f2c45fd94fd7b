"""The relation that a source declares: by its URL, or by what its path holds."""

from __future__ import annotations

from pathlib import Path

from foretell.customer_log.databases.relation import OF_FILES, Kind, Relation
from foretell.customer_log.tables.registry import FACT_TABLES, ORDERS
from foretell.project.database_address import address_in, public
from foretell.project.errors import InputError
from foretell.project.request import Source

OBJECT_STORES = ("s3", "gs", "gcs", "abfs", "abfss", "hdfs", "file")
SQLITE, DUCKDB, PARQUET = b"SQLite format 3\x00", b"DUCK", ("*.parquet", "*.pq")


def relation_of(source: Source) -> Relation | None:
    """What a source reads of a database, or of a folder that is one table; None where it reads files. InputError where
    what is declared does not fit."""
    place = _place(source)
    of_databases = {"from": source.rows_from, "query": source.query, "key": source.key}
    named = [name for name, value in {**of_databases, "incremental": source.incremental}.items() if value]
    if place is None:
        if named and all(path.expanduser().exists() for path in source.files):
            raise InputError(
                f"{named[0]} is for databases, and the source is of files.",
                file=", ".join(map(str, source.files[:3])),
                expected="a SQLite or DuckDB file, a Delta table, a divided folder of Parquet, or url",
                hint=f"leave {named[0]} out",
            )
        return None
    kind, address = place
    if kind in OF_FILES and (wrong := next((name for name, value in of_databases.items() if value), "")):
        raise InputError(f"A folder is one table: {wrong} does not fit.", file=address, hint=f"leave {wrong} out")
    if source.rows_from and source.query:
        raise InputError("A source reads a table or a query.", found="from and query", expected="one of the two")
    whole = source.columns.get("order", "") if source.table == ORDERS and source.incremental else ""
    _refuse_incremental(source, whole)
    what = (source.rows_from, source.query, source.key, source.incremental)
    return Relation(kind, address, source.url_from, *what, whole)


def _refuse_incremental(source: Source, whole: str) -> None:
    """InputError where rows that come again could not take the place of what they were."""
    if not source.incremental:
        return
    if source.table == ORDERS and not whole:
        raise InputError(
            "Rows that changed come again, and without order numbers it cannot be told which they replace.",
            found=f"incremental = {source.incremental!r}, and no column for order",
            expected="a column of order numbers",
            hint='columns = { ..., order = "order_id" }, or leave incremental out',
        )
    table = FACT_TABLES.get(source.table)
    if table and sum(one.role in source.columns for one in table.happenings) > 1:
        raise InputError(
            f"A row of {source.table} changes later, and its facts would count twice.",
            found=f"incremental = {source.incremental!r}",
            expected="the whole table, each time",
            hint="leave incremental out",
        )


def _place(source: Source) -> tuple[Kind, str] | None:
    """The kind of database, and where it is."""
    if source.url_from:
        address = address_in(source.url_from)
        return _kind_of_url(address), public(address)
    if source.url:
        return _kind_of_url(source.url), source.url
    if len(source.files) != 1:
        return None
    path = source.files[0].expanduser()
    kind = kind_of_path(path)
    return None if kind is None else (kind, str(path.resolve()))


def _kind_of_url(address: str) -> Kind:
    scheme = address.partition("://")[0].lower()
    if scheme in ("postgresql", "postgres"):
        return "postgresql"
    return "parquet" if scheme in OBJECT_STORES else "sqlalchemy"


def kind_of_path(path: Path) -> Kind | None:
    """The kind of database that a path holds; None for files of tables."""
    try:
        if path.is_dir():
            if (path / "_delta_log").is_dir():
                return "delta"
            divided = (child for child in path.iterdir() if child.is_dir() and "=" in child.name)
            first = next(divided, None)
            return "parquet" if first and any(next(first.rglob(form), None) for form in PARQUET) else None
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            head = stream.read(16)
    except (OSError, ValueError):
        return None
    return "sqlite" if head.startswith(SQLITE) else "duckdb" if head[8:12] == DUCKDB else None
