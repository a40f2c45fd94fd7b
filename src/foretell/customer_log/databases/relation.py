"""A relation: the rows of a table or of a query of a database, and which of them are new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from foretell.project.database_address import HIDDEN, public, without_secrets
from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint

Kind = Literal["sqlite", "duckdb", "postgresql", "sqlalchemy", "delta", "parquet"]
OF_FILES: tuple[Kind, ...] = ("delta", "parquet")
"""Folders of files, which are one table each."""


@dataclass(frozen=True)
class Relation:
    """What is read of a database. `address` is a path, or a URL without secrets; where `variable` is given, the whole
    URL stands in that environment variable. Of `table` and `query` one is given, of folders neither. Rows come in the
    order of `key`; `incremental` is the column that grows with whatever is new or changed, `whole` the column of what
    comes again as a whole where one row of it is new (empty: none)."""

    kind: Kind
    address: str
    variable: str = ""
    table: str = ""
    query: str = ""
    key: str = ""
    incremental: str = ""
    whole: str = ""

    @property
    def name(self) -> str:
        """How people know it.

        >>> Relation("sqlite", "/data/shop.sqlite", table="orders").name
        'orders in shop.sqlite'
        """
        place = PurePath(self.address.partition("?")[0].rstrip("/")).name or self.address.partition(":")[0]
        if self.kind in OF_FILES or not (self.table or self.query):
            return place
        return f"{self.table or 'query'} in {place}"

    @property
    def source(self) -> str:
        """What tells it from every other one, its name last; no secret is in it."""
        return f"{self.place} {fingerprint(self.query)}/{self.name}" if self.query else f"{self.place}/{self.name}"

    def error(self, what: str, error: object = None, address: str = "", hint: str | None = None) -> InputError:
        """An error of the database, without any secret."""
        told = " ".join(without_secrets(str(error), address).split()) if error else None
        return InputError(what, file=without_secrets(f"{self.name} ({self.place})"), found=told, hint=hint)

    @property
    def place(self) -> str:
        """Where the database is, without secrets."""
        return public(self.address) if "://" in self.address else self.address or HIDDEN


@dataclass(frozen=True)
class Since:
    """The rows whose column `incremental` lies beyond `after` (empty: from the begin), up to `until`; both as the
    database writes them."""

    after: str
    until: str


def select(rows: str, relation: Relation, columns: Sequence[str], key: Sequence[str], since: Since | None) -> str:
    """The query for some columns of `rows`, in the order of the key, else of what the columns hold as text.

    >>> one = Relation("sqlite", "shop.sqlite", table="sales", incremental="at", whole="number")
    >>> print(select('"sales"', one, ["number", "paid"], ["id"], Since("1", "2")))
    select "number", "paid" from "sales" where ("number" in (select "number" from "sales" where "at" > '1' and "at" <= \
'2') or ("number" is null and "at" > '1' and "at" <= '2')) order by "id"
    """
    named = ", ".join(map(quoted, columns))
    order = map(quoted, key) if key else (f"cast({quoted(name)} as {TEXT[relation.kind]})" for name in columns)
    where = f" where {_new(rows, relation, since)}" if since else ""
    return f"select {named} from {rows}{where} order by {', '.join(order)}"


def _new(rows: str, relation: Relation, since: Since) -> str:
    """The condition for what is new; what never got a value in the column belongs to the first reading."""
    at, until = quoted(relation.incremental), literal(since.until)
    if not since.after:
        return f"({at} <= {until} or {at} is null)"
    new = f"{at} > {literal(since.after)} and {at} <= {until}"
    if not relation.whole:
        return new
    whole = quoted(relation.whole)
    return f"({whole} in (select {whole} from {rows} where {new}) or ({whole} is null and {new}))"


TEXT = {"sqlite": "text", "duckdb": "varchar", "postgresql": "text", "sqlalchemy": "varchar(1000)"}


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A value as SQL writes it.

    >>> literal("O'Neill")
    "'O''Neill'"
    """
    return "'" + text.replace("'", "''") + "'"
