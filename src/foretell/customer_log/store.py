"""The bucketed Parquet store: files are written once, and count from the moment the manifest names them."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foretell.customer_log.folding import KEYED_LINES, equal_lines, folded, keyed
from foretell.customer_log.manifest import Load, Manifest, StoredFile
from foretell.customer_log.schema import REJECTED, LinesBatch
from foretell.project.errors import InputError
from foretell.project.progress import Progress, Silent

ROWS_PER_BUCKET = 250_000
LARGEST_BUCKET_COUNT = 1024


class Store:
    """The customer log below one folder, of one source, in one time zone."""

    def __init__(self, root: Path, identity: str, timezone: str, buckets: int = 1) -> None:
        """Open or begin the store. `identity` names the source; another source's folder is refused.
        `buckets` counts only when the store begins."""
        try:
            root.mkdir(parents=True, exist_ok=True)
            self.manifest = Manifest(root / "manifest.sqlite")
        except OSError as error:
            raise InputError("The folder for the results cannot be written.", file=str(root), found=str(error)) from None
        held = self.manifest.setting("identity", identity)
        if held != identity:
            raise InputError(
                "The folder holds the state of another source.",
                file=str(root),
                found=held,
                expected=identity,
                hint="give another --out, or remove that folder",
            )
        self.root = root
        self.timezone = self.manifest.setting("timezone", timezone)
        if self.timezone != timezone:
            raise InputError(
                "The folder was filled in another time zone.",
                file=str(root),
                found=self.timezone,
                expected=timezone,
                hint="give another --out, or remove that folder",
            )
        self.buckets = int(self.manifest.setting("buckets", str(buckets)))

    def files(self, kind: str, bucket: int) -> list[Path]:
        """The Parquet files of one kind (`orders`, `order_lines`) in one bucket."""
        return [self.root / file.path for file in self.manifest.files(kind, bucket)]

    def rows(self, kind: str) -> int:
        """Rows of one kind that count."""
        return sum(file.rows for file in self.manifest.files(kind))

    def rejected(self) -> pa.Table:
        """Every row that could not be used, as `REJECTED`, by file and line."""
        tables = [pq.read_table(self.root / file.path) for file in self.manifest.files("rejected")]
        if not tables:
            return REJECTED.empty_table()
        return pa.concat_tables(tables).sort_by([("file", "ascending"), ("line", "ascending")])

    def add(
        self, load: Load, batches: Iterable[LinesBatch], retired: tuple[str, ...] = (), progress: Progress | None = None
    ) -> Load:
        """Write one load, then let it count; when anything fails, nothing of it is left."""
        folder = Path("loads") / f"{load.load[:12]}-{uuid.uuid4().hex[:6]}"
        (self.root / folder).mkdir(parents=True)
        try:
            done, files = self._written(folder, load, batches, progress or Silent())
            gone = self.manifest.add(done, files, retired)
        except BaseException as error:
            shutil.rmtree(self.root / folder, ignore_errors=True)
            if isinstance(error, OSError):
                raise InputError(
                    "The customer log cannot be written.", file=str(self.root), found=str(error), hint="is the disk full?"
                ) from error
            raise
        for path in gone:
            (self.root / path).unlink(missing_ok=True)
        return done

    def retire(self, loads: Sequence[str]) -> None:
        """Let loads count no more, and delete their files."""
        for path in self.manifest.retire(loads):
            (self.root / path).unlink(missing_ok=True)

    def _written(
        self, folder: Path, load: Load, batches: Iterable[LinesBatch], progress: Progress
    ) -> tuple[Load, list[StoredFile]]:
        writers: dict[int, pq.ParquetWriter] = {}
        rejected: list[pa.Table] = []
        known_keys: dict[str, int] = {}
        rows_read = 0
        try:
            for batch in batches:
                rows_read += batch.rows_read
                rejected.append(batch.rejected)
                for bucket, rows in self._split(keyed(batch.lines, self.timezone, known_keys)):
                    if bucket not in writers:
                        path = self.root / folder / f"order_lines-{bucket:04d}.parquet"
                        writers[bucket] = pq.ParquetWriter(path, KEYED_LINES, compression="lz4", use_dictionary=DICTIONARY)
                    writers[bucket].write_table(rows)
        finally:
            for writer in writers.values():
                writer.close()
        progress.step("Folding lines into orders", len(writers))
        files, equal, lines = [], 0, 0
        for bucket in sorted(writers):
            path = folder / f"order_lines-{bucket:04d}.parquet"
            table = pq.read_table(self.root / path)
            parts = folded(table)
            equal += equal_lines(table)
            lines += len(table)
            parts_path = folder / f"orders-{bucket:04d}.parquet"
            pq.write_table(parts, self.root / parts_path, compression="lz4", use_dictionary=False)
            files.append(StoredFile(str(path), load.load, "order_lines", bucket, len(table)))
            files.append(StoredFile(str(parts_path), load.load, "orders", bucket, len(parts)))
            progress.advance()
        refused = pa.concat_tables(rejected) if rejected else REJECTED.empty_table()
        if len(refused):
            path = folder / "rejected.parquet"
            pq.write_table(refused, self.root / path)
            files.append(StoredFile(str(path), load.load, "rejected", 0, len(refused)))
        return (
            replace(load, rows_read=rows_read, lines=lines, rejected=len(refused), equal_lines=equal),
            files,
        )

    def _split(self, lines: pa.Table) -> Iterable[tuple[int, pa.Table]]:
        if not len(lines):
            return
        if self.buckets == 1:
            yield 0, lines
            return
        bucket = (lines["customer_key"].to_numpy() % np.uint64(self.buckets)).astype(np.uint16)
        order = np.argsort(bucket, kind="stable")
        sorted_lines = lines.take(pa.array(order))
        found, starts = np.unique(bucket[order], return_index=True)
        for number, start, end in zip(found, starts, np.append(starts[1:], len(lines)), strict=True):
            yield int(number), sorted_lines.slice(start, end - start)


DICTIONARY = ["product", "category", "product_key", "category_key"]


def suitable_buckets(rows: int) -> int:
    """A power of two, so that a bucket holds about a quarter of a million lines."""
    buckets = 1
    while buckets * ROWS_PER_BUCKET < rows and buckets < LARGEST_BUCKET_COUNT:
        buckets *= 2
    return buckets


