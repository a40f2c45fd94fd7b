"""A database at first sight: which tables it has, what each looks like, and which one holds the orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from foretell.customer_log.databases.connection import connected
from foretell.customer_log.databases.declared_relation import kind_of_path, relation_of
from foretell.customer_log.databases.relation import OF_FILES, Relation
from foretell.customer_log.files.files_of_source import file_to_look_at
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.roles.column_names import name_score, plain_name
from foretell.customer_log.tables.registry import ORDERS
from foretell.customer_log.tables.table_guess import table_of
from foretell.project.database_address import is_address, public, refuse_password
from foretell.project.errors import InputError
from foretell.project.request import Request, Source

NEEDED = (("customer",), ("time",), ("amount", "unit_price"))
NICE = (("order",),)
NAMED_SO = ("orders", "order", "sales", "transactions", "purchases")
NOT_TOLD = "not told"


@dataclass(frozen=True)
class SeenTable:
    """A table of a database: what it looks like (a table of the log, or `NOT_TOLD`), how much it speaks for orders,
    and the source that would read it."""

    name: str
    looks_like: str
    speaks: float
    source: Source


def is_database(given: str) -> bool:
    """Whether what was given to `foretell init` is a database, or a folder that is one table."""
    return is_address(given) or kind_of_path(Path(given).expanduser()) is not None


def seen_tables(given: Sequence[str]) -> list[SeenTable]:
    """The tables of databases and of folders that are tables, sorted by name; InputError where one cannot be read."""
    seen = []
    for one in given:
        if not is_database(one):
            raise InputError("Files and databases are begun apart.", found=one, hint=f"foretell init {given[0]}")
        source = Source((), url=refuse_password(one)) if is_address(one) else Source((Path(one),))
        relation = relation_of(source)
        assert relation is not None
        names = [""]
        if relation.kind not in OF_FILES:
            with connected(relation) as database:
                names = database.tables()
        seen += [_seen(replace(relation, table=name), replace(source, rows_from=name)) for name in names]
    return sorted(seen, key=lambda table: table.name)


def request_of_tables(request: Request, seen: Sequence[SeenTable]) -> Request:
    """The request with the tables as its sources: that which looks most like orders, and those that look like tables
    beside them. InputError, with all tables, where none or several look like orders."""
    likely = sorted((one for one in seen if one.looks_like == ORDERS), key=lambda one: -one.speaks)
    if not likely or (len(likely) > 1 and likely[1].speaks == likely[0].speaks):
        raise InputError(
            "It cannot be told which table holds the orders.",
            found=", ".join(f"{one.name} ({one.looks_like})" for one in seen) or "no table",
            expected="one table with customers, times and money",
            hint='write it into foretell.toml: [[sources]], path or url, from = "NAME", columns = { ... }',
        )
    place = likely[0].source
    orders = replace(request.orders, files=place.files, url=place.url, rows_from=place.rows_from)
    others = [one.source for one in seen if one.looks_like not in (ORDERS, NOT_TOLD)]
    name = Path(public(place.url).partition("?")[0] if place.url else place.files[0]).stem
    return replace(request, sources=(orders, *others), settings=replace(request.settings, name=name))


def _seen(relation: Relation, source: Source) -> SeenTable:
    file, name = file_to_look_at(relation), relation.table or relation.name
    try:
        names = open_table(file).column_names
        guess = table_of(file)
    except InputError:
        if relation.kind in OF_FILES:
            raise
        return SeenTable(name, NOT_TOLD, 0.0, source)
    if guess.table != ORDERS:
        return SeenTable(name, guess.table, 0.0, replace(source, table=guess.table, columns=guess.columns))
    needed, nice = ([_best(names, roles) for roles in group] for group in (NEEDED, NICE))
    speaks = sum(needed) + sum(nice) + (plain_name(name.rpartition(".")[2]) in NAMED_SO)
    return SeenTable(name, ORDERS if min(needed) > 0 else NOT_TOLD, speaks, source)


def _best(names: Sequence[str], roles: Sequence[str]) -> float:
    return max((name_score(role, name) for name in names for role in roles), default=0.0)
