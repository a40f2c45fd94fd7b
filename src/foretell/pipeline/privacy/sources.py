"""What the user's own files hold of some customers: lines and orders, file by file. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from foretell.customer_log.erasure.forgotten import Forgotten
from foretell.customer_log.erasure.left_out_at_reading import people_in
from foretell.customer_log.erasure.rewriting import InSources
from foretell.customer_log.files.files_of_source import files_of
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import Block
from foretell.customer_log.identities.link_reader import OTHER
from foretell.customer_log.recognition.declared_reading import read_as_declared
from foretell.customer_log.tables.registry import IDENTITIES, ORDERS, RATES
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.project.database_address import public
from foretell.project.declaration import FILE_NAME
from foretell.project.errors import InputError
from foretell.project.parts.sources import CUSTOMER_ROLES
from foretell.project.request import Request, Source


@dataclass(frozen=True)
class FoundRows:
    """Rows of a block that name a person, and where they stand."""

    table: str
    file: SourceFile
    block: Block
    rows: np.ndarray
    order: str | None


def rows_of(request: Request, people: Forgotten, unread: set[str] | None = None) -> Iterator[FoundRows]:
    """The rows of all sources in which a column of customers names one of these people. Files that are gone, cannot be
    read, or hold no such column by now, are passed over; their names are added to `unread`."""
    unread = set() if unread is None else unread
    for source in request.sources:
        if source.table == RATES:
            continue
        roles = (*CUSTOMER_ROLES, OTHER) if source.table == IDENTITIES else CUSTOMER_ROLES
        customers = [*(source.columns[role] for role in roles if source.columns.get(role)), *source.also]
        order = source.columns.get("order") if source.table == ORDERS else None
        for part in [replace(source, files=(path,)) for path in source.files] or [source]:
            try:
                files = read_as_declared(files_of(part), source, source.columns.get("time", ""))
            except InputError:
                unread.add(_name(part))
                continue
            for file in files:
                for block in _blocks(file, customers, list(source.columns.values()), unread):
                    there = [name for name in customers if name in block.rows.column_names]
                    rows = people_in(block, there, people) > 0
                    if rows.any():
                        yield FoundRows(source.table, file, block, rows, order)


def in_sources(request: Request, people: Forgotten) -> InSources:
    """The lines and orders of these people, as the files stand now."""
    lines: dict[str, set[int]] = {}
    orders, unread = set[str](), set[str]()
    for found in rows_of(request, people, unread):
        own = lines.setdefault(found.block.place(found.file.name), set())
        own.update(found.block.lines[found.rows].tolist())
        if found.order is not None:
            orders.update(map(str, found.block.rows[found.order].to_numpy(zero_copy_only=False)[found.rows]))
    return InSources(lines, orders, tuple(sorted(unread)))


def asked_now(out: Path | None) -> Request | None:
    """What `foretell.toml` declares here; None without one, or where the results lie elsewhere."""
    declaration = Path(FILE_NAME)
    return request_of_declaration(declaration) if out is None and declaration.is_file() else None


def _blocks(file: SourceFile, customers: Sequence[str], others: Sequence[str], unread: set[str]) -> Iterator[Block]:
    try:
        table = open_table(file)
        if not set(customers) & set(table.column_names):
            unread.add(file.name)
            return
        wanted = dict.fromkeys([*customers, *others])
        yield from table.batches([name for name in wanted if name in table.column_names])
    except (InputError, OSError):
        unread.add(file.name)


def _name(source: Source) -> str:
    return ", ".join(path.name for path in source.files) or public(source.url) or source.url_from or source.table
