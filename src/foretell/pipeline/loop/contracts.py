"""What the files of a run's sources bring today: their columns, what these hold, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.answers.published import PublishedRun
from foretell.customer_log.files.files_of_source import files_of
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.recognition.declared_reading import read_as_declared
from foretell.customer_log.tables.fact_table import FIXED
from foretell.customer_log.tables.registry import FACT_TABLES, ORDERS
from foretell.outcomes.monitoring.at_once import Brought
from foretell.outcomes.monitoring.contract import Holds, Term, held_by
from foretell.project.errors import InputError
from foretell.project.request import Source

LOOKED_AT = 300


def brought(run: PublishedRun) -> Brought:
    """The terms that the sources of a run keep to now; nothing is read but heads of files."""
    terms, columns, cannot = list[Term](), dict[str, tuple[str, ...]](), dict[str, str]()
    gone: dict[str, str] = {}
    seen: dict[str, int] = {}
    for source in run.request.sources:
        if source.table != ORDERS and source.table not in FACT_TABLES:
            continue
        seen[source.table] = seen.get(source.table, 0) + 1
        label = source.table if seen[source.table] == 1 else f"{source.table}#{seen[source.table]}"
        try:
            names, own = _of_files(label, _roles(run, source), source)
        except InputError as error:
            if error.file and not Path(error.file).exists():
                gone[label] = Path(error.file).name
            else:
                cannot[label] = error.what
            continue
        columns[label] = names
        terms += own
    terms += _as_written(run)
    return Brought(tuple(terms), columns, cannot, gone)


def _roles(run: PublishedRun, source: Source) -> dict[str, str]:
    taken = run.main.intake.columns if source.table == ORDERS else source.columns
    return {role: column for role, column in taken.items() if not column.startswith(FIXED)}


def _as_written(run: PublishedRun) -> list[Term]:
    """How orders are written: their decimal sign and the order of their dates."""
    intake = run.main.intake
    told = {"decimal sign": intake.decimal, "order of dates": intake.date_order}
    return [Term(ORDERS, role, value, "written") for role, value in told.items() if value]


def _of_files(label: str, roles: Mapping[str, str], source: Source) -> tuple[tuple[str, ...], list[Term]]:
    if source.url or source.url_from:
        raise InputError("a database is not looked at")
    files = [file for file in read_as_declared(files_of(source), source) if not file.is_frame]
    if not files:
        raise InputError("there are no files to look at")
    newest = max(files, key=lambda file: file.changed_at)
    names = tuple(open_table(newest).column_names)
    there = {role: column for role, column in roles.items() if column in names}
    held = _held(newest, list(dict.fromkeys(there.values())))
    return names, [Term(label, role, column, held[column]) for role, column in there.items()]


def _held(file: SourceFile, columns: Sequence[str]) -> dict[str, Holds]:
    """What the first rows of each column hold; nothing is said where a file has none."""
    rows = next((block.rows for block in open_table(file).batches(columns)), None)
    if rows is None:
        return dict.fromkeys(columns, "")
    return {column: _holds(rows[column].slice(0, LOOKED_AT)) for column in columns}


def _holds(cells: pa.ChunkedArray) -> Holds:
    if pa.types.is_temporal(cells.type):
        return "dates"
    if pa.types.is_integer(cells.type) or pa.types.is_floating(cells.type) or pa.types.is_decimal(cells.type):
        return "numbers"
    texts = pc.utf8_trim_whitespace(pc.fill_null(cells.cast(pa.string()), ""))
    return held_by(np.array(texts.to_pylist(), dtype=object).astype(str))
