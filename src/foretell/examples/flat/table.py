"""A flat table made ready for learning: typed columns as one array, in an order that its content decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.files.formats import plain_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.schema import REJECTED
from foretell.examples.flat.columns import ColumnKind, FlatColumn
from foretell.project.errors import InputError
from foretell.project.fingerprints import keys_of

CELL, NULL = "\x1f", "\x00"


@dataclass(frozen=True)
class FlatTable:
    """`values` is float64 [rows, columns], NaN for null: numbers, days since 1970, or positions in `levels`, which
    is empty for numbers and dates. `key` is uint64 [rows], the stable hash of a row's content."""

    names: tuple[str, ...]
    kinds: tuple[ColumnKind, ...]
    levels: tuple[tuple[str, ...], ...]
    values: np.ndarray
    key: np.ndarray

    def __len__(self) -> int:
        return len(self.key)

    def take(self, rows: np.ndarray) -> FlatTable:
        """The rows at a boolean mask or an array of positions, in that order."""
        return replace(self, values=self.values[rows], key=self.key[rows])

    @property
    def is_category(self) -> np.ndarray:
        """Whether each column holds categories, bool [columns]."""
        return np.array([kind == "category" for kind in self.kinds], dtype=bool)


def flat_table(columns: Sequence[FlatColumn], rows: int) -> FlatTable:
    """The columns side by side, in the order of their names, so that the file's order of columns does not matter."""
    ordered = sorted(columns, key=lambda column: column.name)
    values = np.column_stack([c.values for c in ordered]) if ordered else np.zeros((rows, 0))
    return FlatTable(
        tuple(c.name for c in ordered),
        tuple(c.kind for c in ordered),
        tuple(c.levels for c in ordered),
        np.ascontiguousarray(values, dtype=np.float64),
        content_keys(ordered, rows),
    )


def content_keys(columns: Sequence[FlatColumn], rows: int) -> np.ndarray:
    """uint64 [rows]: the stable hash of the cells of each row; equal rows have equal keys, whatever stands around."""
    texts = []
    for column in columns:
        if column.levels:
            codes = pa.array(np.where(np.isnan(column.values), 0, column.values).astype(np.int64))
            text = pa.array(column.levels, pa.string()).take(codes)
        else:
            text = pa.array(column.values + 0.0).cast(pa.string())
        texts.append(pc.if_else(pa.array(np.isnan(column.values)), NULL, text))
    if not texts:
        return np.zeros(rows, np.uint64)
    return keys_of(pc.binary_join_element_wise(*texts, CELL).to_pylist())


@dataclass(frozen=True)
class FlatRows:
    """`rows` with every column of the files, text where the format has no types. `lines` is int64, the line in its
    file (the header is line 1); `rejected` are rows that do not fit the table, as `REJECTED`."""

    rows: pa.Table
    lines: np.ndarray
    rejected: pa.Table
    notes: tuple[str, ...]


def read_rows(files: Sequence[SourceFile]) -> FlatRows:
    """All rows of the files, one after the other; InputError where a file has other columns than the first, or where
    there are no rows at all."""
    parts, lines, rejected, notes = [], [], [], list[str]()
    names: list[str] | None = None
    for file in files:
        table = plain_table(file)
        names = names or table.column_names
        if sorted(names) != sorted(table.column_names):
            raise InputError(
                "The files have different columns.",
                file=str(file.path),
                found=", ".join(table.column_names),
                expected=", ".join(names),
                hint="give one file, or files with the same header",
            )
        notes += table.notes
        for block in table.batches(names):
            parts.append(block.rows)
            lines.append(block.lines)
            rejected.append(block.rejected)
    filled = [part for part in parts if part.num_rows]
    if not filled:
        raise InputError(
            "There are no rows.", file=", ".join(str(f.path) for f in files), expected="a header and at least one row"
        )
    try:
        rows = pa.concat_tables(filled, promote_options="permissive").combine_chunks()
    except pa.ArrowException as error:
        raise InputError("The files hold different types.", found=str(error).splitlines()[0]) from None
    whole = pa.concat_tables(rejected, promote_options="default") if rejected else REJECTED.empty_table()
    return FlatRows(rows, np.concatenate(lines), whole, tuple(notes))
