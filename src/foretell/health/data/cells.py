"""Cells: what only the source files tell: empty cells, ids, and the place of the row that shows a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.dates import moments
from foretell.customer_log.cells.identifiers import canonical_ids
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import Block
from foretell.customer_log.layout.counted_visits import VISITS
from foretell.customer_log.stable_keys import stable_keys
from foretell.health.data.finding import Sought
from foretell.project.request import DateOrder

BETWEEN = "\x1f"


@dataclass(frozen=True)
class ReadSource:
    """The files of a table as they were read: role to column, how dates are written, the local zone and the moment of
    the run."""

    table: str
    files: Sequence[SourceFile]
    columns: Mapping[str, str]
    date_order: DateOrder | None
    clock: tuple[str, int]

    @property
    def used(self) -> list[str]:
        """The columns of the files that were used."""
        return [column for column in dict.fromkeys(self.columns.values()) if column != VISITS]


@dataclass
class Cells:
    """How many cells of each column are empty, and where the rows stand that were sought."""

    empty: dict[str, int] = field(default_factory=dict)
    places: dict[Sought, str] = field(default_factory=dict)


def cells_of(source: ReadSource, wanted: Sequence[Sought]) -> Cells:
    """One pass over the files of a source; of each row that is wanted the first place."""
    found, repeats = Cells(), [one for one in wanted if one.repeats]
    keys: list[np.ndarray] = []
    lines: list[np.ndarray] = []
    ends: list[tuple[int, str]] = []
    for file in source.files:
        for block in open_table(file).batches(source.used):
            for column in source.used:
                found.empty[column] = found.empty.get(column, 0) + int(_is_empty(block.rows[column]).sum())
            for one in wanted:
                if not one.repeats and one not in found.places:
                    _look(block, file, source, one, found)
            if repeats:
                keys.append(_keys(block.rows, source.used))
                lines.append(block.lines)
                ends.append((sum(map(len, keys)), block.place(file.name)))
    if repeats and (at := _first_repeat(np.concatenate(keys))) is not None:
        place = next(where for end, where in ends if at < end)
        found.places[repeats[0]] = f"{place}, line {int(np.concatenate(lines)[at]):,}"
    return found


def _look(block: Block, file: SourceFile, source: ReadSource, one: Sought, found: Cells) -> None:
    """Note the first row of a block that is the one sought."""
    rows = np.arange(block.rows.num_rows)
    if one.empty:
        rows = np.flatnonzero(_is_empty(block.rows[one.empty])) if one.empty in source.used else rows[:0]
    elif one.customer:
        names = [source.columns[role] for role in ("customer", "customer_2", "customer_3") if role in source.columns]
        same = [pc.fill_null(pc.equal(canonical_ids(block.rows[name]), one.customer), False) for name in names]
        rows = np.flatnonzero(np.logical_or.reduce([np.asarray(part) for part in same]))
    time = source.columns.get("time") or source.columns.get("started_at")
    if not one.empty and time is not None and len(rows) and one.until < 2**62:
        when = moments(block.rows[time].take(pa.array(rows)), source.date_order, *source.clock)
        rows = rows[(when.reasons == 0) & (when.happened_at >= one.since) & (when.happened_at < one.until)]
    if len(rows):
        found.places[one] = f"{block.place(file.name)}, line {int(block.lines[rows[0]]):,}"


def _is_empty(column: pa.ChunkedArray) -> np.ndarray:
    """bool: which cells hold nothing."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = pc.if_else(pc.equal(pc.utf8_trim_whitespace(column), ""), None, column)
    return np.asarray(column.is_null().to_numpy())


def _keys(rows: pa.Table, columns: Sequence[str]) -> np.ndarray:
    """uint64: a key of each row by what stands in some columns."""
    texts = [pc.fill_null(rows[column].cast(pa.string()), "") for column in columns]
    joined = pc.binary_join_element_wise(*texts, BETWEEN)
    return stable_keys(joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined)


def _first_repeat(keys: np.ndarray) -> int | None:
    """The first row whose key a row before has; None where there is none."""
    order = np.argsort(keys, kind="stable")
    again = order[1:][keys[order][1:] == keys[order][:-1]]
    return int(again.min()) if len(again) else None
