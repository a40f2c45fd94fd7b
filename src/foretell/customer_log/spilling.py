"""Spilling: a table too large to hold, laid aside by bucket in a file, to be taken up again bucket by bucket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from foretell.customer_log.line_order import has_one_value, taken

ROWS_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Spilled:
    """A table on disk, one record batch a bucket, and the rows of each. Columns of one value are not written:
    `alike` holds their value."""

    path: Path
    rows: np.ndarray
    schema: pa.Schema
    alike: Mapping[str, int | None]

    def bucket(self, number: int) -> pa.Table:
        """The rows of one bucket, in the order in which they came."""
        with pa.OSFile(str(self.path)) as source, pa.ipc.open_file(source) as reader:
            found = reader.get_batch(number)
        rows = int(self.rows[number])
        columns = {
            field.name: _repeated(self.alike[field.name], field.type, rows)
            if field.name in self.alike
            else found.column(field.name)
            for field in self.schema
        }
        return pa.table(columns, schema=self.schema)


def spill(table: pa.Table, buckets: int, path: Path) -> Spilled:
    """Lay a table with a `customer_key` aside by bucket."""
    alike = {name: _only(table[name]) for name in table.column_names if has_one_value(table[name])}
    alike.pop("customer_key", None)
    bucket = (table["customer_key"].to_numpy() % np.uint64(buckets)).astype(np.uint16)
    rows = np.bincount(bucket, minlength=buckets)
    varying = table.drop_columns(list(alike))
    if buckets > 1:
        varying = taken(varying, np.argsort(bucket, kind="stable"))
    whole = pa.record_batch([c.combine_chunks() for c in varying.columns], schema=varying.schema)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, whole.schema) as writer:
        for start, count in zip(np.cumsum(rows) - rows, rows, strict=True):
            writer.write_batch(whole.slice(start, count))
    return Spilled(path, rows, table.schema, alike)


def gathered(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Small tables as larger ones: each has its cost."""
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        if sum(map(len, waiting)) >= ROWS_AT_ONCE:
            yield pa.concat_tables(waiting)
            waiting = []
    if any(map(len, waiting)):
        yield pa.concat_tables(waiting)


def _only(column: pa.ChunkedArray) -> int | None:
    value: int | None = column[0].as_py() if len(column) else None
    return value


def _repeated(value: int | None, kind: pa.DataType, rows: int) -> pa.Array:
    if value is None:
        return pa.nulls(rows, kind)
    return pa.array(np.full(rows, value, dtype=kind.to_pandas_dtype()), kind)
