"""Datasets: many Parquet files that are one table, read one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from foretell.customer_log.databases.connection import ROWS, State
from foretell.customer_log.databases.relation import Relation, Since


@dataclass
class DatasetConnection:
    """A `Connection` to a dataset; `told` is what changes with its files. Rows come in the order of the files."""

    relation: Relation
    dataset: ds.Dataset
    told: str

    def tables(self) -> list[str]:
        return [self.relation.name]

    def columns(self) -> dict[str, bool]:
        schema = self.dataset.schema
        return {field.name: _is_text(field.type) for field in schema}

    def rows(self, columns: Sequence[str], since: Since | None) -> Iterator[pa.Table]:
        wanted = None
        if since:
            wanted = self._new(since)
            if self.relation.whole and since.after:
                parts = [block[self.relation.whole] for block in self._read([self.relation.whole], wanted)]
                ids = pc.unique(pa.chunked_array([chunk for part in parts for chunk in part.chunks]))
                wanted = ds.field(self.relation.whole).isin(ids)
        return self._read(columns, wanted)

    def state(self) -> State:
        at, rows = self.relation.incremental, self.dataset.count_rows(use_threads=False)
        if not at:
            return State(rows, self.told)
        newest = [pc.max(block[at]) for block in self._read([at], None) if len(block)]
        largest = max((one for one in newest if one.is_valid), key=lambda one: one.as_py(), default=pa.scalar(""))
        until = largest.cast(pa.string()).as_py()
        return State(rows, until, until)

    def _new(self, since: Since) -> ds.Expression:
        at, kind = ds.field(self.relation.incremental), self.dataset.schema.field(self.relation.incremental).type
        until = at <= pa.scalar(since.until).cast(kind)
        return (at > pa.scalar(since.after).cast(kind)) & until if since.after else until | at.is_null()

    def _read(self, columns: Sequence[str], wanted: ds.Expression | None) -> Iterator[pa.Table]:
        try:
            scan = self.dataset.scanner(columns=list(columns), filter=wanted, batch_size=ROWS, use_threads=False)
            yield scan.projected_schema.empty_table()
            for batch in scan.to_batches():
                if len(batch):
                    yield pa.Table.from_batches([batch])
        except (pa.ArrowException, OSError) as error:
            raise self.relation.error("The files cannot be read.", error) from None


def _is_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))
