"""Several files at once: which table each one is of, and how its customers match those of orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.files.files_of_source import files_of
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.identities.link_reader import OTHER
from foretell.customer_log.identities.matching import Match, ids_in, match_of, refuse_strangers
from foretell.customer_log.recognition.declared_reading import read_as_declared
from foretell.customer_log.schema import Columns
from foretell.customer_log.tables.fact_table import CUSTOMER
from foretell.customer_log.tables.registry import FACT_TABLES, HELPING, ORDERS
from foretell.customer_log.tables.table_guess import GuessedTable, tables_of
from foretell.customer_log.tables.vendors.vendor_exports import VendorExport, vendor_export_of
from foretell.project.request import Request, Source


@dataclass(frozen=True)
class MatchedSource:
    """A source beside orders, and how its customers match those who ordered; `said` is what to know of the
    vendor's export that it is."""

    source: Source
    match: Match
    said: tuple[str, ...] = ()

    def as_plain(self) -> dict[str, object]:
        """The same as numbers and texts."""
        told = {"notes": list(self.said)} if self.said else {}
        return told | {
            "table": self.source.table,
            "files": [str(path) for path in self.source.files],
            **{name: value for name, value in vars(self.source).items() if name in ("url", "rows_from") and value},
            "columns": dict(self.source.columns),
            "match": dict(vars(self.match)),
        }


def told_apart(request: Request) -> Request:
    """The request with the files that are of tables beside orders as sources of their own. Where one file is given, or
    none of them looks like another table, or none like orders, all are order files."""
    files = files_of(request.orders)
    if len(files) < 2:
        return request
    guessed = [(file, guess) for file in files for guess in tables_of(file)]
    orders = tuple(file.path for file, guess in guessed if guess.table == ORDERS)
    others = _grouped([(file, guess) for file, guess in guessed if guess.table != ORDERS])
    if not orders or not others:
        return request
    return replace(request, sources=(replace(request.orders, files=orders), *others))


def matched_sources(request: Request, files: list[SourceFile], columns: Columns) -> tuple[MatchedSource, ...]:
    """The sources beside orders, each set against the customers of the order files; InputError where columns do not
    fit, or where none of its customers ordered."""
    others = [source for source in request.sources if source.table != ORDERS]
    if not others:
        return ()
    ordered, found = ids_in(files, columns.customer), []
    for source in others:
        if source.table in HELPING:
            found.append(MatchedSource(source, _match_of_helping(source, ordered)))
            continue
        FACT_TABLES[source.table].check(source)
        own = read_as_declared(files_of(source), source)
        export, names = _export_of(own[0])
        customers = export.customers_in(names) if export and not request.is_declared else [source.columns[CUSTOMER]]
        matches = {column: match_of(ids_in(own, column), ordered) for column in customers}
        best = max(matches, key=lambda column: matches[column].found)
        if source.rows_from and not matches[best].found and not request.is_declared:
            continue  # a database has tables of many kinds, and nobody named this one
        refuse_strangers(source.table, own, best, matches[best])
        told = replace(source, columns={**source.columns, CUSTOMER: best})
        found.append(MatchedSource(told, matches[best], tuple(export.said(names)) if export else ()))
    return tuple(found)


def _match_of_helping(source: Source, ordered: pa.Array) -> Match:
    """How the ids of links match those of orders, whichever of the two columns holds them; of rates there is nothing to
    compare. InputError where no link names anybody who ordered."""
    columns = [source.columns[role] for role in (CUSTOMER, OTHER) if role in source.columns]
    if not columns:
        return Match(0, 0, 0, (), ())
    own = read_as_declared(files_of(source), source)
    ids = pc.unique(pa.concat_arrays([ids_in(own, column) for column in columns]))
    match = match_of(ids.take(pc.sort_indices(ids)), ordered)
    refuse_strangers(source.table, own, columns[0], match)
    return match


def _export_of(file: SourceFile) -> tuple[VendorExport | None, list[str]]:
    """The vendor's export that a file is, and the columns of the file."""
    read = open_table(file)
    block = next(iter(read.batches(read.column_names)), None)
    return (vendor_export_of(block.rows) if block else None), read.column_names


def _grouped(guessed: list[tuple[SourceFile, GuessedTable]]) -> list[Source]:
    """One source for the files of a table that have the same columns."""
    groups: dict[tuple[str, tuple[tuple[str, str], ...]], list[Path]] = {}
    columns: dict[tuple[str, tuple[tuple[str, str], ...]], Mapping[str, str]] = {}
    for file, guess in guessed:
        key = (guess.table, tuple(sorted(guess.columns.items())))
        groups.setdefault(key, []).append(file.path)
        columns[key] = guess.columns
    return [Source(tuple(paths), key[0], columns[key]) for key, paths in groups.items()]
