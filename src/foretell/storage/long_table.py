"""A table that is too long to hold at once: its parts, made or read one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

TEXTS = ["segment_set", "segment", "why"]


@dataclass(frozen=True)
class LongTable:
    """`parts` gives the parts anew whenever it is called, all with the same columns; texts that repeat are
    dictionaries."""

    parts: Callable[[], Iterator[pa.Table]]

    @classmethod
    def kept(cls, path: Path) -> LongTable:
        """The table of a Parquet file that `write` left."""

        def read() -> Iterator[pa.Table]:
            texts = [name for name in TEXTS if name in pq.read_schema(path).names]
            for batch in pq.ParquetFile(path, read_dictionary=texts).iter_batches(batch_size=1_000_000):
                yield pa.Table.from_batches([batch])

        return cls(read)

    def write(self, path: Path) -> None:
        """Write a Parquet file, in which every text is plain."""
        writer: pq.ParquetWriter | None = None
        try:
            for part in self.parts():
                writer = writer or pq.ParquetWriter(path, part.schema, store_schema=False)
                writer.write_table(part)
        finally:
            if writer is not None:
                writer.close()

    def table(self) -> pa.Table:
        """All of it."""
        return pa.concat_tables(list(self.parts())).unify_dictionaries()
