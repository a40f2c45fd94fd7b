"""Which table a file is of: by the names of its columns, and by what stands in them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pyarrow as pa

from foretell.customer_log.cells.identifiers import as_text, distinct
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.identities.link_reader import KIND, OTHER
from foretell.customer_log.roles.column_names import name_score, plain_name
from foretell.customer_log.tables.fact_table import CUSTOMER, ID, KNOWN_AT, TIME, FactTable
from foretell.customer_log.tables.registry import FACT_TABLES, HELPING, ORDERS
from foretell.customer_log.tables.vendors.vendor_exports import VendorExport, vendor_export_of
from foretell.customer_log.tables.vocabulary import Vocabulary

PERSONAL = ("email", "e mail", "email address", "contact id", "profile id", "customer email", "contact", "id")
TELLING: Mapping[str, tuple[str, str]] = {
    "contacts": ("response", "responses"),
    "feedback": ("kind", "feedback_kinds"),
    "consents": ("state", "consent_states"),
    "events": ("name", "event_stages"),
}
"""The role whose values tell a table, and the vocabulary in which they stand; the first table that fits counts."""
FEWEST_KNOWN = 0.3
"""The share of the rows that tell something in which a vocabulary must be met."""
FROM_NAMES = 2
"""Roles of a table that the names of columns must tell, where its values tell nothing."""


@dataclass(frozen=True)
class GuessedTable:
    """A table, and the columns that play its roles, as names and values tell them, or the export that it is of."""

    table: str
    columns: Mapping[str, str]
    export: VendorExport | None = None


def tables_of(file: SourceFile) -> list[GuessedTable]:
    """The tables of a file: those of the vendor's export that it is, else the one that its names and values tell."""
    read = open_table(file)
    block = next(iter(read.batches(read.column_names)), None)
    export = vendor_export_of(block.rows) if block else None
    if export is None:
        return [table_of(file)]
    found = {table: export.columns_in(table, read.column_names) for table in export.tables}
    told = {table: columns for table, columns in found.items() if set(columns) - {CUSTOMER, TIME, KNOWN_AT}}
    return [GuessedTable(table, columns, export) for table, columns in told.items()] or [table_of(file)]


def table_of(file: SourceFile) -> GuessedTable:
    """The table of a file of no known vendor: the one beside orders whose roles and words it has; orders where there is
    money or an order number, or nothing tells."""
    read = open_table(file)
    block = next(iter(read.batches(read.column_names)), None)
    if block is None:
        return GuessedTable(ORDERS, {})
    rows = block.rows
    if helping := _helping(rows.column_names):
        return helping
    for name in ("subscriptions", *TELLING):
        found = _columns_of(FACT_TABLES[name], rows)
        if found and _is_told(name, found, rows):
            return GuessedTable(name, found)
    found = _columns_of(FACT_TABLES["profiles"], rows)
    own = {role for role in found if role not in (CUSTOMER, TIME, KNOWN_AT)}
    if own and not _has_sales(rows.column_names):
        return GuessedTable("profiles", found)
    return GuessedTable(ORDERS, {})


def _helping(names: Sequence[str]) -> GuessedTable | None:
    """The table of links or of rates that a file is: it has what such a table needs, and no column besides. An e-mail
    beside a customer may be an attribute as well: it is a link where a column says of what kind the other id is."""
    for table, (needed, _) in HELPING.items():
        of_role = {spelling: role for role, spellings in column_names()[table].items() for spelling in spellings}
        roles = {of_role.get(plain_name(name), ""): name for name in names}
        is_clear = plain_name(roles.get(OTHER, "")) not in PERSONAL or KIND in roles
        if set(needed) <= set(roles) and "" not in roles and len(roles) == len(names) and is_clear:
            return GuessedTable(table, roles)
    return None


def _has_sales(names: Sequence[str], roles: Sequence[str] = ("amount", "unit_price", "order")) -> bool:
    """Whether a column is named as the money, the price or the number of an order."""
    return any(name_score(role, name) >= 0.6 for name in names for role in roles)


def _is_told(table: str, columns: Mapping[str, str], rows: pa.Table) -> bool:
    """Whether the words of a table stand in the column that tells it, or the names of its columns leave no doubt."""
    own = set(columns) - {CUSTOMER, TIME, KNOWN_AT, ID}
    if table not in TELLING:
        return len(own) > FROM_NAMES and bool(own & {"ended_at", "interval", "asked_to_cancel_at"})
    role, vocabulary = TELLING[table]
    if role not in columns:
        return (
            table == "contacts" and "campaign" in own and len(own) >= FROM_NAMES and not _has_sales(rows.column_names)
        )
    texts = as_text(distinct(rows[columns[role]]).values).drop_null()
    known = Vocabulary(vocabulary)(texts)
    if not len(texts):
        return False
    if table == "contacts":
        own &= {"campaign", "arm", "message", "offer", "cost"}
    if table != "events" and _has_sales(rows.column_names, ("amount", "unit_price")):
        return False
    share = 1 - known.null_count / len(texts)
    return share >= FEWEST_KNOWN and (table == "events" or len(own) > 1 or share == 1)


def _columns_of(table: FactTable, rows: pa.Table) -> dict[str, str]:
    """The columns that play the roles of a table; empty where one that it needs is missing."""
    names, found = list(rows.column_names), dict[str, str]()
    wanted = {role: tuple(spellings) for role, spellings in column_names()[table.name].items()}
    best = max(names, key=_speaks_for_customer)
    if not _speaks_for_customer(best):
        return {}
    found[CUSTOMER] = best
    for role, spellings in wanted.items():
        free = [name for name in names if name not in found.values() and plain_name(name) in spellings]
        if free:
            found[role] = min(free, key=lambda name: spellings.index(plain_name(name)))
    if TIME in table.times and TIME not in found:
        timed = [name for name in names if name not in found.values() and name_score("time", name) > 0]
        if timed:
            found[TIME] = max(timed, key=lambda name: name_score("time", name))
    needed = [one.role for one in table.happenings if one.is_needed and not table.may_be_undated]
    needed += [role.name for role in table.roles if role.is_needed and not table.has_attributes]
    return found if set(needed) <= set(found) else {}


def _speaks_for_customer(name: str) -> float:
    plain = plain_name(name)
    if plain in PERSONAL:
        return 0.5 - 0.01 * PERSONAL.index(plain)
    return name_score("customer", name)


@cache
def column_names() -> Mapping[str, Mapping[str, list[str]]]:
    """By table and role what people call the column."""
    text = files("foretell.customer_log.tables").joinpath("column_names.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
