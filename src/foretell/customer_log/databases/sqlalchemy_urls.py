"""Any other database, through SQLAlchemy and the driver that its URL names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pyarrow as pa

from foretell.customer_log.databases.answered_rows import answered_rows
from foretell.customer_log.databases.connection import ROWS
from foretell.customer_log.databases.relation import Relation
from foretell.customer_log.databases.sql import SqlConnection
from foretell.project.database_address import address_in
from foretell.project.errors import InputError

INSTALL = "pip install sqlalchemy, and the driver of your database, such as pymysql"


@contextmanager
def connected(relation: Relation) -> Iterator[SqlConnection]:
    """The database behind a URL, open; InputError where SQLAlchemy or the driver is not installed."""
    address = address_in(relation.variable) if relation.variable else relation.address
    try:
        sqlalchemy: Any = import_module("sqlalchemy")
    except ImportError:
        raise InputError(
            "This kind of database is read through SQLAlchemy, which is not installed.",
            file=relation.place,
            expected="SQLAlchemy, and the driver of the database",
            hint=INSTALL,
        ) from None
    try:
        engine = sqlalchemy.create_engine(address)
        database = engine.connect().execution_options(stream_results=True)
    except Exception as error:  # drivers raise errors of their own, and an import error where one is missing
        raise relation.error("The database cannot be reached.", error, address, INSTALL) from None
    try:
        if engine.dialect.name in ("mysql", "mariadb"):
            database.exec_driver_sql("set session sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')")
        yield SqlConnection(relation, SqlAlchemy(relation, sqlalchemy, database, address))
    finally:
        database.close()
        engine.dispose()


@dataclass
class SqlAlchemy:
    """The `Driver` of what SQLAlchemy reads."""

    relation: Relation
    sqlalchemy: Any
    database: Any
    address: str

    def answer(self, query: str) -> Iterator[pa.Table]:
        try:
            found = self.database.exec_driver_sql(query)
            yield from answered_rows(found, list(found.keys()))
        except self.sqlalchemy.exc.SQLAlchemyError as error:
            raise self.relation.error("The database cannot be read.", error, self.address) from None

    def tables(self) -> list[str]:
        found = self.sqlalchemy.inspect(self.database)
        return [*found.get_table_names(), *found.get_view_names()]

    def key(self, table: str) -> list[str]:
        return list(self.sqlalchemy.inspect(self.database).get_pk_constraint(table)["constrained_columns"] or ())

    def content(self, rows: str) -> str:
        """The digest of all rows, whatever their order: they are read once to see whether they changed."""
        found = self.database.exec_driver_sql(f"select * from {rows}")
        count = total = 0
        while block := found.fetchmany(ROWS):
            count += len(block)
            total += sum(int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest()[:16]) for row in block)
        return f"{count} {total % 2**128}"

    def from_table(self, table: str) -> str:
        return str(self.database.dialect.identifier_preparer.quote(table))
