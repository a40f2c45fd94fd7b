"""The files of one load: rows laid aside by bucket as they come, then each bucket sorted and written once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.customer_log.folding import folded
from foretell.customer_log.identities.links import LINKS, LinksBatch, each_once
from foretell.customer_log.keyed_lines import KEYED_LINES, WORDS, keyed, order_keys
from foretell.customer_log.line_order import equal_lines, in_fact_order, in_line_order, once_of_two
from foretell.customer_log.manifest import Load, StoredFile
from foretell.customer_log.schema import LEFT_OUT, NEVER, ORDER_ATTRIBUTES, REJECTED, LinesBatch
from foretell.customer_log.spilling import Spilled, gathered, spill
from foretell.customer_log.tables.facts import FactsBatch
from foretell.customer_log.tables.registry import IDENTITIES, ORDERS
from foretell.customer_log.versions.order_versions import OrderVersions
from foretell.customer_log.versions.sketch import Sketch
from foretell.project.progress import Progress
from foretell.storage.artefacts import digest_of

ROWS_PER_GROUP = 1 << 15
STORED_LINES = [name for name in KEYED_LINES.names if name != "visible_day"]
INCOMPRESSIBLE = ("order_key", "happened_at", "amount", "digest")
OFTEN_ALIKE = (
    "product", "category", "product_key", "category_key", "known_after", "taken_back", "lines", "units",
    "gone_at", "load", *ORDER_ATTRIBUTES.names,
)  # fmt: skip


@dataclass
class LoadFiles:
    """Writes the files of one load into a folder below the root of a store; `stored` are those written, `dropped` the
    paths of those that they take the place of."""

    root: Path
    folder: Path
    load: Load
    buckets: int
    timezone: str
    stored: list[StoredFile] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    _words: list[pa.Table] = field(default_factory=lambda: [WORDS.empty_table()])
    _rejected: list[pa.Table] = field(default_factory=lambda: [REJECTED.empty_table()])
    _left_out: list[pa.Table] = field(default_factory=lambda: [LEFT_OUT.empty_table()])
    _rows_read: int = 0
    _sketch: Sketch = field(default_factory=Sketch)
    _doubled: int = 0

    def written(
        self,
        batches: Iterable[LinesBatch] | Iterable[FactsBatch] | Iterable[LinksBatch],
        progress: Progress,
        versions: OrderVersions | None = None,
    ) -> Load:
        """Write everything, of orders only what their `versions` say, where there are any; the load with its counts."""
        if self.load.table == ORDERS:
            rows, equal = self._write_orders(cast(Iterable[LinesBatch], batches), progress, versions)
        elif self.load.table == IDENTITIES:
            rows, equal = self._write_links(cast(Iterable[LinksBatch], batches)), 0
        else:
            rows, equal = self._write_facts(cast(Iterable[FactsBatch], batches), progress)
        refused = pa.concat_tables(self._rejected)
        self.keep("rejected", refused)
        self.keep("left_out", pa.concat_tables(self._left_out))
        texts = pa.concat_tables(self._words).group_by(WORDS.names).aggregate([])
        self.keep("words", texts.sort_by([(name, "ascending") for name in WORDS.names]))
        counted = {
            "rows_read": self._rows_read,
            "doubled": self._doubled,
            "lines": rows,
            "rejected": len(refused),
            "equal_lines": equal,
        }
        counted |= {
            "oldest_at": self._sketch.oldest_at,
            "newest_at": self._sketch.newest_at,
            **(versions.counts if versions else {}),
        }
        return Load(**{**asdict(self.load), **counted})

    def _write_orders(
        self, batches: Iterable[LinesBatch], progress: Progress, versions: OrderVersions | None
    ) -> tuple[int, int]:
        spilled = [self._spilled_lines(rows, n) for n, rows in enumerate(gathered(self._lines(batches)))]
        counts = self._counts([kept for kept, _ in spilled])

        is_doubled = self._sketch.is_doubled

        def laid_aside(bucket: int) -> pa.Table:
            lines = in_line_order(pa.concat_tables([kept.bucket(bucket) for kept, _ in spilled]))
            return once_of_two(lines) if is_doubled else lines

        if versions:
            found = set(np.flatnonzero(counts).tolist())
            versions.look(
                lambda bucket: laid_aside(bucket) if bucket in found else None,
                self.buckets,
                self._sketch.newest_at,
                self._no_sales(),
            )
        progress.step("Folding lines into orders", int((counts > 0).sum()))
        equal = 0
        for bucket in map(int, np.flatnonzero(counts)):
            table = laid_aside(bucket)
            self._doubled += int(counts[bucket]) - len(table)
            customers = pa.concat_tables([kept.bucket(bucket) for _, kept in spilled])
            equal += equal_lines(table)
            stored = versions.taken_in(bucket, table) if versions else table
            customers = _once(customers)
            self.write("customers", bucket, customers if len(stored) == len(table) else _of(stored, customers))
            self.write("orders", bucket, folded(stored))
            self.write("order_lines", bucket, _named(stored))
            progress.advance()
        if versions:
            versions.rest()
        for kept in (kept for both in spilled for kept in both):
            kept.path.unlink()
        return int(counts.sum()), equal

    def _write_facts(self, batches: Iterable[FactsBatch], progress: Progress) -> tuple[int, int]:
        spilled = [self._spilled(rows, "facts", n) for n, rows in enumerate(gathered(self._facts(batches)))]
        counts = self._counts(spilled)
        progress.step(f"Sorting {self.load.table}", int((counts > 0).sum()))
        equal = 0
        for bucket in map(int, np.flatnonzero(counts)):
            table, repeats = in_fact_order(pa.concat_tables([kept.bucket(bucket) for kept in spilled]))
            equal += repeats
            self.write(self.load.table, bucket, table)
            progress.advance()
        for kept in spilled:
            kept.path.unlink()
        return int(counts.sum()), equal

    def _write_links(self, batches: Iterable[LinksBatch]) -> int:
        parts = [LINKS.empty_table()]
        for batch in batches:
            self._rows_read += batch.rows_read
            self._rejected.append(batch.rejected)
            parts.append(batch.links)
        links = each_once(pa.concat_tables(parts))
        self.keep("links", links)
        return len(links)

    def _lines(self, batches: Iterable[LinesBatch]) -> Iterator[pa.Table]:
        for batch in batches:
            self._rows_read += batch.rows_read
            self._rejected.append(batch.rejected)
            self._left_out.append(batch.left_out)
            yield batch.lines

    def _facts(self, batches: Iterable[FactsBatch]) -> Iterator[pa.Table]:
        for batch in batches:
            self._rows_read += batch.rows_read
            self._rejected.append(batch.rejected)
            self._words.append(batch.words)
            happened = batch.facts["happened_at"].to_numpy()
            self._sketch.widen(happened, happened)
            self._left_out.append(batch.left_out)
            yield batch.facts

    def _no_sales(self) -> np.ndarray:
        """int64: the keys of numbered orders that the file says are none."""
        found = pa.concat_tables(self._left_out)
        rows = pc.and_(pc.equal(found["kind"], "state"), pc.is_valid(found["order_id"]))
        ids = found["order_id"].filter(rows).combine_chunks()
        return order_keys(ids, np.zeros(len(ids), dtype=np.int64), self.timezone)

    def _counts(self, spilled: list[Spilled]) -> np.ndarray:
        return np.asarray(np.sum([kept.rows for kept in spilled], axis=0)) if spilled else np.zeros(self.buckets)

    def _spilled_lines(self, lines: pa.Table, number: int) -> tuple[Spilled, Spilled]:
        """Lines and their customers, laid aside by bucket; the texts behind their codes are kept."""
        found = keyed(lines, self.timezone)
        self._sketch.add(found.lines)
        self._words.append(found.words)
        return self._spilled(found.lines, "lines", number), self._spilled(found.customers, "customers", number)

    def _spilled(self, rows: pa.Table, name: str, number: int) -> Spilled:
        return spill(rows, self.buckets, self.root / self.folder / f"spilled-{name}-{number:04d}.arrow")

    def write(self, kind: str, bucket: int, rows: pa.Table) -> None:
        """Write rows in the order of customers, so that a reader who wants some customers can pass over the others.
        Where nothing ends, nothing is said of ends."""
        if not len(rows):
            return
        if "gone_at" in rows.column_names and pc.min(rows["gone_at"]).as_py() == NEVER:
            rows = rows.drop_columns("gone_at")
        self._write(self.folder / f"{kind}-{bucket:04d}.parquet", rows)
        self._count(self.folder / f"{kind}-{bucket:04d}.parquet", kind, bucket, len(rows))

    def replace(self, file: StoredFile, rows: pa.Table) -> None:
        """Write the rows of a file of an earlier load anew: they stay its rows."""
        path = self.folder / f"{file.kind}-{file.bucket:04d}-{len(self.dropped):04d}.parquet"
        self._write(path, rows)
        self.drop(file)
        self._count(path, file.kind, file.bucket, len(rows), file.load)

    def drop(self, file: StoredFile) -> None:
        """Let a file of an earlier load count no more."""
        self.dropped.append(file.path)

    def _write(self, path: Path, rows: pa.Table) -> None:
        pq.write_table(
            rows,
            self.root / path,
            row_group_size=ROWS_PER_GROUP,
            compression={name: "none" if name in INCOMPRESSIBLE else "lz4" for name in rows.column_names},
            use_dictionary=[name for name in OFTEN_ALIKE if name in rows.column_names],
            write_statistics=["customer_key"],
        )

    def keep(self, kind: str, rows: pa.Table) -> None:
        """Write rows that are of no bucket, where there are any."""
        if not len(rows):
            return
        path = self.folder / f"{kind}.parquet"
        pq.write_table(rows, self.root / path)
        self._count(path, kind, 0, len(rows))

    def _count(self, path: Path, kind: str, bucket: int, rows: int, load: str = "") -> None:
        digest = digest_of(self.root / path)
        self.stored.append(StoredFile(str(path), load or self.load.load, kind, bucket, rows, digest))


def _once(customers: pa.Table) -> pa.Table:
    """Each customer once, in ascending order of the keys."""
    rows = np.unique(customers["customer_key"].to_numpy(), return_index=True)[1]
    return customers.take(pa.array(rows))


def _of(lines: pa.Table, customers: pa.Table) -> pa.Table:
    """The customers of some lines."""
    return customers.filter(pc.is_in(customers["customer_key"], pc.unique(lines["customer_key"])))


def _named(lines: pa.Table) -> pa.Table:
    """The lines that name a product or a category; of the others, their order says all."""
    named = (lines["product_key"].to_numpy() != 0) | (lines["category_key"].to_numpy() != 0)
    return lines.select(STORED_LINES).filter(pa.array(named)) if named.any() else lines.slice(0, 0).select(STORED_LINES)
