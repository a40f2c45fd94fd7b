"""PostgreSQL, through ADBC: rows come as Arrow batches, as fast as the server sends them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import pyarrow as pa

from foretell.customer_log.databases.relation import Relation, literal, quoted
from foretell.customer_log.databases.sql import SqlConnection
from foretell.project.database_address import WAY_OUT, address_in
from foretell.project.errors import InputError

try:
    from adbc_driver_postgresql import dbapi
except ImportError:  # pragma: no cover - a database that is not asked for needs no driver
    dbapi = None

INSTALL = "pip install 'foretell[databases]'"
TABLES = """
select case when table_schema = any (current_schemas(false)) then table_name
  else table_schema || '.' || table_name end::text as name
from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')"""
KEY = """
select attname::text as name from pg_index join pg_attribute on attrelid = indrelid and attnum = any (indkey)
where indisprimary and indrelid = {table}::regclass order by array_position(indkey::int[], attnum::int)"""
CONTENT = """
select count(*)::text || ' ' || coalesce(sum(hashtextextended(cast(told as text), 0)::numeric), 0)::text as told
from (select * from {rows}) as told"""


@contextmanager
def connected(relation: Relation) -> Iterator[SqlConnection]:
    """The database behind a URL, open, in one read-only transaction; user and password are those of the environment
    (PGUSER, PGPASSWORD, a pgpass file), or of the URL that an environment variable holds."""
    if dbapi is None:
        raise InputError("PostgreSQL needs a driver that is not installed.", expected="ADBC", hint=INSTALL)
    address = address_in(relation.variable) if relation.variable else relation.address
    try:
        database = dbapi.connect(address)
    except dbapi.Error as error:
        raise refused(relation, error, address) from None
    with closing(database):
        driver = Postgresql(relation, database, address)
        for setting in ("set transaction isolation level repeatable read, read only", "set timezone = 'UTC'"):
            driver.order(setting)
        yield SqlConnection(relation, driver)


@dataclass
class Postgresql:
    """The `Driver` of PostgreSQL. All answers of one connection tell of the same moment."""

    relation: Relation
    database: dbapi.Connection
    address: str

    def order(self, statement: str) -> None:
        """Do what has no answer."""
        with closing(self.database.cursor()) as cursor:
            try:
                cursor.execute(statement)
            except dbapi.Error as error:
                raise refused(self.relation, error, self.address) from None

    def answer(self, query: str) -> Iterator[pa.Table]:
        with closing(self.database.cursor()) as cursor:
            try:
                cursor.execute(query)
                reader = cursor.fetch_record_batch()
                yield reader.schema.empty_table()
                for batch in reader:
                    yield pa.Table.from_batches([batch])
            except (dbapi.Error, pa.ArrowException, OSError) as error:
                raise refused(self.relation, error, self.address) from None

    def tables(self) -> list[str]:
        return [str(name) for block in self.answer(TABLES) for name in block["name"].to_pylist()]

    def key(self, table: str) -> list[str]:
        query = KEY.format(table=literal(self.from_table(table)))
        return [str(name) for block in self.answer(query) for name in block["name"].to_pylist()]

    def content(self, rows: str) -> str:
        """The number of rows, and the sum of the 64-bit hashes of their texts, which the server reckons."""
        found = [told for block in self.answer(CONTENT.format(rows=rows)) for told in block["told"].to_pylist()]
        return str(found[0])

    def from_table(self, table: str) -> str:
        schema, _, name = table.rpartition(".")
        return ".".join(map(quoted, filter(None, (schema, name))))


def refused(relation: Relation, error: Exception, address: str) -> InputError:
    """What went wrong with a server."""
    told = str(error)
    if "authentication failed" in told or "no password supplied" in told or ("role" in told and "exist" in told):
        return relation.error("The database refuses the user or the password.", error, address, WAY_OUT)
    if "Failed to connect" in told:
        hint = "check host, port and name of the database, and whether the server runs"
        return relation.error("The database cannot be reached.", error, address, hint)
    if "42703" in told:
        return relation.error("A column is not in the database.", error, address, "check columns, key and query")
    return relation.error("The database cannot be read.", error, address)
