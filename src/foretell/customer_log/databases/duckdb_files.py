"""DuckDB files, attached so that nothing can be written."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from foretell.customer_log.databases.connection import ROWS
from foretell.customer_log.databases.content import digest_of_files
from foretell.customer_log.databases.relation import Relation, literal, quoted
from foretell.customer_log.databases.sql import SqlConnection
from foretell.project.errors import InputError

TABLES = """
select case when table_schema = 'main' then table_name else table_schema || '.' || table_name end as name
from information_schema.tables where table_schema <> 'information_schema'"""
KEY = """
select unnest(constraint_column_names) as name from duckdb_constraints()
where constraint_type = 'PRIMARY KEY' and table_name = {table} and schema_name = {schema}"""


@contextmanager
def connected(relation: Relation) -> Iterator[SqlConnection]:
    """The database in a file, open; InputError where it cannot be read."""
    aside = str(Path(tempfile.gettempdir()) / f"foretell-{uuid.uuid4().hex}")
    how: dict[str, str | bool | int | float | list[str]] = {"threads": 1, "temp_directory": aside}
    try:
        database = duckdb.connect(relation.address, read_only=True, config=how)
    except duckdb.Error as error:
        raise refused(relation, error) from None
    with closing(database):
        database.execute("set enable_external_access = false")
        yield SqlConnection(relation, DuckDb(relation, database))


@dataclass
class DuckDb:
    """The `Driver` of DuckDB files."""

    relation: Relation
    database: duckdb.DuckDBPyConnection

    def answer(self, query: str) -> Iterator[pa.Table]:
        try:
            reader = self.database.sql(query).to_arrow_reader(ROWS)
            yield reader.schema.empty_table()
            for batch in reader:
                yield pa.Table.from_batches([batch])
        except (duckdb.Error, pa.ArrowException) as error:
            raise refused(self.relation, error) from None

    def tables(self) -> list[str]:
        return [str(name) for block in self.answer(TABLES) for name in block["name"].to_pylist()]

    def key(self, table: str) -> list[str]:
        schema, _, name = table.rpartition(".")
        query = KEY.format(table=literal(name), schema=literal(schema or "main"))
        return [str(name) for block in self.answer(query) for name in block["name"].to_pylist()]

    def content(self, rows: str) -> str:
        """The bytes of the file, and of what was written beside it and not yet into it."""
        path = Path(self.relation.address)
        return digest_of_files([path, path.with_name(f"{path.name}.wal")])

    def from_table(self, table: str) -> str:
        schema, _, name = table.rpartition(".")
        return ".".join(map(quoted, filter(None, (schema, name))))


def refused(relation: Relation, error: Exception) -> InputError:
    """What went wrong with a file."""
    if "lock" in str(error).lower():
        return relation.error("The database is locked.", error, hint="another program has it open: try again later")
    if "Binder Error" in str(error):
        return relation.error("A column is not in the database.", error, hint="check columns, key and query")
    return relation.error("The database cannot be read.", error)
