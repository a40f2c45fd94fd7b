"""What every kind of database gives: its tables, the key of one, rows in blocks, and what tells that they changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from typing import NamedTuple, Protocol

import pyarrow as pa

from foretell.customer_log.databases.relation import Kind, Relation, Since

ROWS = 1 << 16
"""Rows that are read at once."""


class State(NamedTuple):
    """How many rows there are; what tells them from those of another day: a text that changes with them; and how far
    the column `incremental` has come (as the database writes it; empty without one)."""

    rows: int
    told: str
    until: str = ""


class Connection(Protocol):
    """An open database, which is only read. Every method raises InputError, without any secret, where it cannot
    answer."""

    def tables(self) -> list[str]:
        """The names of its tables and views, sorted."""
        ...

    def columns(self) -> dict[str, bool]:
        """The columns of the relation in their order, and whether each is declared as text."""
        ...

    def rows(self, columns: Sequence[str], since: Since | None) -> Iterator[pa.Table]:
        """Rows of the relation with these columns, in blocks, in the order of its key."""
        ...

    def state(self) -> State:
        """What the relation holds now."""
        ...


KINDS: dict[Kind, str] = {
    "sqlite": "sqlite_files",
    "duckdb": "duckdb_files",
    "postgresql": "postgresql",
    "sqlalchemy": "sqlalchemy_urls",
    "delta": "delta_tables",
    "parquet": "parquet_folders",
}
"""The module beside this one whose `connected` opens each kind; a driver is loaded only where it is needed."""


def connected(relation: Relation) -> AbstractContextManager[Connection]:
    """The database of a relation, open; InputError where it is away, locked, or lets nobody in."""
    module = import_module(f"foretell.customer_log.databases.{KINDS[relation.kind]}")
    opened: AbstractContextManager[Connection] = module.connected(relation)
    return opened
