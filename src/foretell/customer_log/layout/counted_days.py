"""Days that are counted rather than dated, as in panels (day 1 to 711): read as dates once day 1 is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells.numbers import quantities
from foretell.customer_log.files.source_table import Block, SourceTable

MOST_DAYS = 36_525
"""A hundred years: a larger number counts no days."""


class CountedDays:
    """Another `SourceTable` in which a column that counts days holds their dates; what is no whole number of days stays
    as it stands, and is refused as a date. `notes` say which days were read."""

    def __init__(self, table: SourceTable, column: str, first_day: str) -> None:
        self.file, self.typed, self.column_names = table.file, table.typed, table.column_names
        self._table, self._column = table, column
        self._first = date.fromisoformat(first_day)

    @property
    def notes(self) -> list[str]:
        """Those of the table itself, and which day is day 1."""
        return [*self._table.notes, f"{self._column}: day 1 is read as {self._first.isoformat()}"]

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Block]:
        """The rows with these columns."""
        for block in self._table.batches(columns, skip):
            if self._column in columns:
                place = block.rows.column_names.index(self._column)
                dated = self._dated(block.rows[self._column])
                block = block._replace(rows=block.rows.set_column(place, self._column, dated))  # noqa: PLW2901
            yield block

    def _dated(self, column: pa.ChunkedArray) -> pa.Array:
        found = quantities(column, ".")
        whole = (found.reasons == 0) & (found.values == np.rint(found.values)) & (np.abs(found.values) < MOST_DAYS)
        days = np.datetime64(self._first) + (np.where(whole, found.values, 1).astype(np.int64) - 1)
        texts = pa.array(days).cast(pa.string())
        return pc.if_else(pa.array(whole), texts, column.cast(pa.string()).combine_chunks())
