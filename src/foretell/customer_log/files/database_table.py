"""A table or query of a database, read in blocks in the order of its key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.databases.connection import connected
from foretell.customer_log.files.parquet_files import flat
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import Block, refuse_twice_named, rejected_rows
from foretell.project.errors import InputError

DIGITS_OF_FLOATS = 15
"""Decimal numbers of so many digits are exact as floats."""


class DatabaseTable:
    """A relation as a `SourceTable`; rows are counted from 1, in the order in which they are read."""

    typed = True

    def __init__(self, file: SourceFile) -> None:
        assert file.relation is not None
        self.file, self.relation = file, file.relation
        self.notes: list[str] = []
        with connected(self.relation) as database:
            self.text_columns = database.columns()
        self.column_names = list(self.text_columns)
        refuse_twice_named(self.column_names, file, None)

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Block]:
        """The rows with these columns; of a file with `since` those alone."""
        if missing := [name for name in columns if name not in self.column_names]:
            raise InputError(
                "A column is not in the database.",
                file=self.file.name,
                column=missing[0],
                found=", ".join(self.column_names),
                hint="check columns in [[sources]] of foretell.toml",
            )
        line = 1
        with connected(self.relation) as database:
            for rows in database.rows(list(columns), self.file.since):
                if not len(rows):
                    continue
                lines = np.arange(line, line + len(rows), dtype=np.int64)
                line += len(rows)
                yield Block(flat(plain(rows)), lines, rejected_rows(self.file.name, [], [], []))


def plain(rows: pa.Table) -> pa.Table:
    """The rows with the types that a file may have: exact numbers of few digits as floats, others by their digits;
    what only a database knows as it prints."""
    columns = [_plain_column(column) for column in rows.columns]
    return pa.table(columns, names=rows.column_names)


def _plain_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if isinstance(kind, pa.OpaqueType):
        stored = pa.chunked_array([chunk.storage for chunk in column.chunks], kind.storage_type)
        return _numbers(stored) if kind.type_name == "numeric" else stored
    if pa.types.is_decimal(kind):
        return _numbers(column.cast(pa.string()))
    if isinstance(kind, pa.BaseExtensionType):
        return pa.chunked_array([[None if cell is None else str(cell) for cell in column.to_pylist()]], pa.string())
    return column


def _numbers(digits: pa.ChunkedArray) -> pa.ChunkedArray:
    longest = pc.max(pc.utf8_length(pc.replace_substring_regex(digits, r"[^0-9]", ""))).as_py() or 0
    return digits.cast(pa.float64()) if longest <= DIGITS_OF_FLOATS else digits
