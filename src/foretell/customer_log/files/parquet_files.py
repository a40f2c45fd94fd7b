"""Parquet, read some hundred thousand rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.customer_log.cells.identifiers import as_text
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import Block, refuse_twice_named, rejected_rows
from foretell.project.errors import InputError

ROWS = 1 << 18
FIRST_ROWS = 2000


class ParquetTable:
    """A Parquet file as a `SourceTable`; the first row counts as line 2, as if a header stood above it."""

    typed = True

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.notes: list[str] = []
        try:
            with file.open() as stream:
                source = pa.BufferReader(stream.read()) if file.packing else file.path
                self.schema = pq.ParquetFile(source).schema_arrow
        except (pa.ArrowException, OSError, EOFError) as error:
            raise _damaged(file, error) from None
        self.column_names = list(self.schema.names)
        refuse_twice_named(self.column_names, file, None)

    def first_rows(self) -> list[list[str]]:
        """The first rows as texts."""
        for block in self.batches(self.column_names):
            few = block.rows.slice(0, FIRST_ROWS)
            texts = [as_text(pa.concat_arrays(column.chunks)).fill_null("").to_pylist() for column in few.columns]
            return [list(row) for row in zip(*texts, strict=True)]
        return []

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Block]:
        """The rows with these columns, in the file's order."""
        line = 2
        try:
            with self.file.open() as stream:
                source = pa.BufferReader(stream.read()) if self.file.packing else stream
                for batch in pq.ParquetFile(source).iter_batches(ROWS, columns=list(columns)):
                    rows = flat(pa.Table.from_batches([batch]).select(list(columns)))
                    lines = np.arange(line, line + rows.num_rows, dtype=np.int64)
                    line += rows.num_rows
                    yield Block(rows, lines, rejected_rows(self.file.name, [], [], []))
        except (pa.ArrowException, OSError, EOFError) as error:
            raise _damaged(self.file, error) from None


def flat(rows: pa.Table) -> pa.Table:
    """The rows with what no reader of cells takes turned into text or null: nested values as they print, wide decimals
    and integers beyond int64 by their digits."""
    for at, column in enumerate(rows.columns):
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if _is_plain(kind):
            continue
        if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
            texts = column.cast(pa.string())
        elif pa.types.is_uint64(kind) and (pc.max(column).as_py() or 0) < 2**63:
            texts = column.cast(pa.int64())
        elif pa.types.is_uint64(kind) or pa.types.is_decimal(kind):
            texts = column.cast(pa.string())
        else:
            told = [None if cell is None else _printed(cell) for cell in column.to_pylist()]
            texts = pa.chunked_array([pa.array(told, pa.string())])
        rows = rows.set_column(at, rows.column_names[at], texts)
    return rows


def _is_plain(kind: pa.DataType) -> bool:
    """Whether every reader of cells takes a column of this type as it is."""
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_floating(kind)
        or (pa.types.is_integer(kind) and not pa.types.is_uint64(kind))
        or pa.types.is_boolean(kind)
        or pa.types.is_timestamp(kind)
        or pa.types.is_date(kind)
        or pa.types.is_null(kind)
    )


def _printed(cell: object) -> str:
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)


def _damaged(file: SourceFile, error: Exception) -> InputError:
    return InputError(
        "The Parquet file is damaged or cut off.",
        file=str(file.path),
        found=str(error).splitlines()[0] if str(error) else type(error).__name__,
        hint="copy or write the file once more",
    )
