"""SQLite files, through Python's own driver, only read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from foretell.customer_log.databases.answered_rows import answered_rows
from foretell.customer_log.databases.content import digest_of_files
from foretell.customer_log.databases.relation import Relation, quoted
from foretell.customer_log.databases.sql import SqlConnection
from foretell.project.errors import InputError

SECONDS_TO_WAIT = 2.0
TABLES = "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%'"


@contextmanager
def connected(relation: Relation) -> Iterator[SqlConnection]:
    """The database in a file, open; InputError where it cannot be read."""
    try:
        path = Path(relation.address)
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=SECONDS_TO_WAIT)
    except (sqlite3.Error, OSError) as error:
        raise refused(relation, error) from None
    with closing(database):
        database.text_factory = lambda text: text.decode("utf-8", "replace")
        yield SqlConnection(relation, Sqlite(relation, database))


@dataclass
class Sqlite:
    """The `Driver` of SQLite files. It has no types of columns: a value that is text is read as text."""

    relation: Relation
    database: sqlite3.Connection

    def answer(self, query: str) -> Iterator[pa.Table]:
        try:
            cursor = self.database.execute(query)
            yield from answered_rows(cursor, [name for name, *_ in cursor.description])
        except sqlite3.Error as error:
            raise refused(self.relation, error) from None

    def tables(self) -> list[str]:
        return [str(name) for block in self.answer(TABLES) for name in block["name"].to_pylist()]

    def key(self, table: str) -> list[str]:
        found = [block for block in self.answer(f"pragma table_info({quoted(table)})") if len(block)]
        columns = [row for block in found for row in block.select(["name", "pk"]).to_pylist() if row["pk"]]
        return [row["name"] for row in sorted(columns, key=lambda row: int(row["pk"]))]

    def content(self, rows: str) -> str:
        """The bytes of the file, and of what was written beside it and not yet into it."""
        path = Path(self.relation.address)
        return digest_of_files([path, path.with_name(f"{path.name}-wal")])

    def from_table(self, table: str) -> str:
        return quoted(table)


def refused(relation: Relation, error: Exception) -> InputError:
    """What went wrong with a file."""
    if "locked" in str(error) or "busy" in str(error):
        return relation.error("The database is locked.", error, hint="another program writes to it: try again later")
    if "not a database" in str(error) or "malformed" in str(error):
        return relation.error("The SQLite file is damaged.", error, hint="copy it once more")
    if "no such column" in str(error):
        return relation.error("A column is not in the database.", error, hint="check columns, key and query")
    return relation.error("The database cannot be read.", error)
