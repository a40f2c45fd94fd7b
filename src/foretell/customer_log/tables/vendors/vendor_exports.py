"""Exports of vendors that hold tables beside orders, told by their headers; the data files here say what is in them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from foretell.customer_log.cells.identifiers import as_text
from foretell.customer_log.tables.fact_table import CUSTOMER, FIXED
from foretell.customer_log.tables.vocabulary import Vocabulary, spelled
from foretell.project.errors import InputError


@dataclass(frozen=True)
class Words:
    """What must stand in a column: `all` or `none` of its texts in a vocabulary."""

    column: str
    vocabulary: str
    are: str

    def fit(self, rows: pa.Table) -> bool:
        """Whether they do."""
        named = {spelled(name): name for name in rows.column_names}
        known = Vocabulary(self.vocabulary)(as_text(rows[named[spelled(self.column)]].combine_chunks()).drop_null())
        return known.null_count == (0 if self.are == "all" else len(known))


@dataclass(frozen=True)
class VendorExport:
    """One kind of export. It is told by columns that are all there, without any of `not_by`. `customers` are columns
    that can name the customer, the likeliest first; `tables` has, by table, the column of each role, where it is there
    (`=word`: that word in each row). `state` are columns that say what was true on the day of the export: they are
    never read. `verified`: the names were read where `read_from` says; else nobody has seen them in a file."""

    name: str
    told_by: tuple[str, ...]
    customers: tuple[str, ...]
    tables: Mapping[str, Mapping[str, str]]
    state: tuple[str, ...]
    verified: bool
    read_from: str
    note: str
    not_by: tuple[str, ...] = ()
    words: Words | None = None

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> VendorExport:
        """That of an entry of a data file."""
        made: dict[str, Any] = {name: plain[name] for name in ("name", "tables", "verified", "read_from", "note")}
        made |= {"told_by": tuple(plain["told_by"]), "not_by": tuple(plain.get("not_by", ()))}
        made |= {"customers": tuple(plain["customer"]), "state": tuple(plain["state"])}
        return cls(**made, words=Words(**plain["words"]) if "words" in plain else None)

    def is_told_by(self, column_names: Sequence[str]) -> bool:
        """Whether a header is of this export; case and punctuation do not count."""
        there = {_plain(name) for name in column_names}
        told = {_plain(name) for name in self.told_by} <= there and not {_plain(name) for name in self.not_by} & there
        return told and bool(self.customers_in(column_names))

    def customers_in(self, column_names: Sequence[str]) -> list[str]:
        """The columns of a header that can name the customer, as they stand there."""
        return _there(self.customers, column_names)

    def states_in(self, column_names: Sequence[str]) -> list[str]:
        """The columns of a header that are of the day of the export, as they stand there."""
        return _there(self.state, column_names)

    def columns_in(self, table: str, column_names: Sequence[str]) -> dict[str, str]:
        """The column of each role of a table, as far as it is in the header."""
        found = {CUSTOMER: self.customers_in(column_names)[0]}
        for role, column in self.tables[table].items():
            if column.startswith(FIXED):
                found[role] = column
            elif there := _there([column], column_names):
                found[role] = there[0]
        return found

    def said(self, column_names: Sequence[str]) -> list[str]:
        """What to tell of such a file, in sentences."""
        checked = "" if self.verified else " Its columns are unverified: check them."
        lines = [f"This looks like {self.name}: {self.note}.{checked}"]
        if states := self.states_in(column_names):
            lines.append(f"Left out, since it is of the day of the export: {', '.join(states)}.")
        return lines


@cache
def vendor_exports() -> tuple[VendorExport, ...]:
    """Every export of the data files, in the order of their names."""
    folder = files("foretell.customer_log.tables.vendors")
    data = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    texts = [one.read_text(encoding="utf-8") for one in data]
    return tuple(VendorExport.of_plain(entry) for text in texts for entry in tomllib.loads(text)["exports"])


def vendor_export_of(rows: pa.Table) -> VendorExport | None:
    """The export that some rows are of, that with most columns first; None where they are of no known one. InputError
    where the header is known, and the words below it belong to two tables."""
    told = [one for one in vendor_exports() if one.is_told_by(rows.column_names)]
    fitting = [one for one in told if one.words is None or one.words.fit(rows)]
    if told and not fitting and told[0].words is not None:
        raise InputError(
            "The file mixes facts of two tables.",
            column=told[0].words.column,
            found=f"the words of {' and of '.join(one.name for one in told)}",
            expected="one of them",
            hint=f"write a file of each, by {told[0].words.column}",
        )
    return max(fitting, key=lambda one: len(one.told_by), default=None)


def _there(wanted: Sequence[str], column_names: Sequence[str]) -> list[str]:
    """Those of the wanted columns that are in a header, as they stand there."""
    named = {_plain(name): name for name in reversed(column_names)}
    return [named[_plain(column)] for column in wanted if _plain(column) in named]


def _plain(name: str) -> str:
    return spelled(name) or name
