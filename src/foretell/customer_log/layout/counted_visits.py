"""Visits without money: each row counts as 1, so that spend is the number of visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from foretell.customer_log.files.source_table import Block, SourceTable

VISITS = "1 a row"
"""The column of ones; no file has a column of this name by chance."""


class CountedVisits:
    """Another `SourceTable` with a column of ones beside its own, in place of the money that it lacks."""

    def __init__(self, table: SourceTable) -> None:
        self.file, self.typed = table.file, table.typed
        self.column_names = [*table.column_names, VISITS]
        self._table = table

    @property
    def notes(self) -> list[str]:
        """Those of the table itself, and that money stands for visits."""
        return [*self._table.notes, "each row counts as 1, as no column holds money: spend is a number of visits"]

    def batches(self, columns: Sequence[str], skip: int = 0) -> Iterator[Block]:
        """The rows with these columns."""
        own = [name for name in columns if name != VISITS]
        for block in self._table.batches(own, skip):
            ones = pa.array(["1"] * len(block.lines), pa.string())
            rows = block.rows.append_column(VISITS, ones) if own else pa.table({VISITS: ones})
            yield block._replace(rows=rows.select(list(columns)))
