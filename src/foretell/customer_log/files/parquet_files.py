"""Parquet, read some hundred thousand rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
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
                self.schema = pq.ParquetFile(pa.BufferReader(stream.read()) if file.packing else file.path).schema_arrow
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
                    rows = pa.Table.from_batches([batch]).select(list(columns))
                    lines = np.arange(line, line + rows.num_rows, dtype=np.int64)
                    line += rows.num_rows
                    yield Block(rows, lines, rejected_rows(self.file.name, [], [], []))
        except (pa.ArrowException, OSError, EOFError) as error:
            raise _damaged(self.file, error) from None


def _damaged(file: SourceFile, error: Exception) -> InputError:
    return InputError(
        "The Parquet file is damaged or cut off.",
        file=str(file.path),
        found=str(error).splitlines()[0] if str(error) else type(error).__name__,
        hint="copy or write the file once more",
    )
