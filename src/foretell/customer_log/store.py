"""The bucketed Parquet store: files are written once, and count from the moment the manifest names them."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foretell.customer_log.folding import folded
from foretell.customer_log.keyed_lines import KEYED_LINES, WORDS, keyed
from foretell.customer_log.line_order import equal_lines, in_line_order
from foretell.customer_log.manifest import ANEW, Load, Manifest, StoredFile
from foretell.customer_log.schema import ORDER_ATTRIBUTES, REJECTED, LinesBatch
from foretell.customer_log.spilling import Spilled, spill
from foretell.project.errors import InputError
from foretell.project.progress import Progress, Silent
from foretell.storage.artefacts import digest_of

ROWS_PER_BUCKET = 500_000
LARGEST_BUCKET_COUNT = 1024
ROWS_AT_ONCE = 1 << 20
ROWS_PER_GROUP = 1 << 15
STORED_LINES = [name for name in KEYED_LINES.names if name != "visible_day"]
INCOMPRESSIBLE = ("order_key", "happened_at", "amount")
OFTEN_ALIKE = (
    "product", "category", "product_key", "category_key", "known_after", "taken_back", "lines", "units",
    *ORDER_ATTRIBUTES.names,
)  # fmt: skip
FORMAT = "3"
MANIFEST = "manifest.sqlite"


class Store:
    """The customer log below one folder, of one source, in one time zone."""

    def __init__(self, root: Path, identity: str, timezone: str, buckets: int = 1) -> None:
        """Open or begin the store. `identity` names the source; another source's folder is refused.
        `buckets` counts only when the store begins."""
        try:
            root.mkdir(parents=True, exist_ok=True)
            self.manifest = Manifest(root / MANIFEST)
        except OSError as error:
            raise InputError(
                "The folder for the results cannot be written.", file=str(root), found=str(error)
            ) from None
        held = self.manifest.setting("identity", identity)
        if held != identity:
            raise InputError(
                "The folder holds the state of another source.",
                file=str(root),
                found=held,
                expected=identity,
                hint="give another --out, or remove that folder",
            )
        form = self.manifest.setting("format", FORMAT)
        if form != FORMAT:
            raise InputError(
                "The folder was filled by another version of Foretell.",
                file=str(root),
                found=f"format {form}",
                expected=f"format {FORMAT}",
                hint="remove that folder, and run again",
            )
        self.root = root.absolute()
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

    @classmethod
    def kept(cls, root: Path) -> Store:
        """The store of a folder as it stands, to be read; nothing is written. InputError where there is none."""
        store = cls.__new__(cls)
        store.root, store.manifest = root.absolute(), Manifest(root / MANIFEST)
        if not store.manifest.is_there:
            raise InputError(
                "There is no customer log here.", file=str(root), hint="foretell run orders.csv reads the files anew"
            )
        settings = store.manifest.settings()
        try:
            store.timezone, store.buckets = settings["timezone"], int(settings["buckets"])
        except (KeyError, ValueError):
            raise InputError(
                "The manifest of the customer log is damaged.",
                file=str(store.manifest.path),
                hint=f"remove the folder {root} and run again: {ANEW}",
            ) from None
        return store

    def check(self, buckets: Collection[int] | None = None) -> None:
        """InputError where a file that counts, of some buckets or of all, is missing or not as it was written."""
        for file in self.manifest.files():
            if buckets is None or file.bucket in buckets or file.kind == "words":
                path = self.root / file.path
                found = "no such file" if not path.is_file() else "other bytes than were written"
                if not path.is_file() or digest_of(path) != file.digest:
                    raise InputError(
                        "A file of the customer log is damaged.",
                        file=str(path),
                        found=found,
                        hint=f"remove the folder {self.root} and run again: {ANEW}",
                    )

    def files(self, kind: str, bucket: int) -> list[Path]:
        """The Parquet files of one kind (`customers`, `orders`, `order_lines`) in one bucket."""
        return [self.root / file.path for file in self.manifest.files(kind, bucket)]

    def words(self) -> list[Path]:
        """The Parquet files of the texts behind codes, one a load that has any."""
        return [self.root / file.path for file in self.manifest.files("words")]

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
                    "The customer log cannot be written.",
                    file=str(self.root),
                    found=str(error),
                    hint="is the disk full?",
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
        rejected: list[pa.Table] = []
        rows_read = 0

        def lines() -> Iterator[pa.Table]:
            nonlocal rows_read
            for batch in batches:
                rows_read += batch.rows_read
                rejected.append(batch.rejected)
                yield batch.lines

        words: list[pa.Table] = [WORDS.empty_table()]
        spilled = [self._spilled(rows, self.root / folder, n, words) for n, rows in enumerate(_gathered(lines()))]
        counts = np.sum([kept.rows for kept, _ in spilled], axis=0) if spilled else np.zeros(self.buckets)
        progress.step("Folding lines into orders", int((counts > 0).sum()))
        files, equal = [], 0
        for bucket in map(int, np.flatnonzero(counts)):
            table = in_line_order(pa.concat_tables([kept.bucket(bucket) for kept, _ in spilled]))
            customers = pa.concat_tables([kept.bucket(bucket) for _, kept in spilled])
            equal += equal_lines(table)
            for kind, rows in (
                ("customers", _once(customers)),
                ("orders", folded(table)),
                ("order_lines", _named(table)),
            ):
                if len(rows):
                    path = folder / f"{kind}-{bucket:04d}.parquet"
                    _write(rows, self.root / path)
                    files.append(self._stored(path, load, kind, bucket, len(rows)))
            progress.advance()
        for kept in (kept for both in spilled for kept in both):
            kept.path.unlink()
        refused = pa.concat_tables(rejected) if rejected else REJECTED.empty_table()
        if len(refused):
            path = folder / "rejected.parquet"
            pq.write_table(refused, self.root / path)
            files.append(self._stored(path, load, "rejected", 0, len(refused)))
        if len(texts := pa.concat_tables(words).group_by(WORDS.names).aggregate([])):
            path = folder / "words.parquet"
            pq.write_table(texts, self.root / path)
            files.append(self._stored(path, load, "words", 0, len(texts)))
        done = replace(load, rows_read=rows_read, lines=int(counts.sum()), rejected=len(refused), equal_lines=equal)
        return done, files

    def _stored(self, path: Path, load: Load, kind: str, bucket: int, rows: int) -> StoredFile:
        return StoredFile(str(path), load.load, kind, bucket, rows, digest_of(self.root / path))

    def _spilled(self, lines: pa.Table, folder: Path, number: int, words: list[pa.Table]) -> tuple[Spilled, Spilled]:
        """Lines and their customers, laid aside by bucket; the texts behind their codes join `words`."""
        found = keyed(lines, self.timezone)
        words.append(found.words)
        return (
            spill(found.lines, self.buckets, folder / f"spilled-lines-{number:04d}.arrow"),
            spill(found.customers, self.buckets, folder / f"spilled-customers-{number:04d}.arrow"),
        )


def _once(customers: pa.Table) -> pa.Table:
    """Each customer once, in ascending order of the keys."""
    rows = np.unique(customers["customer_key"].to_numpy(), return_index=True)[1]
    return customers.take(pa.array(rows))


def _named(lines: pa.Table) -> pa.Table:
    """The lines that name a product or a category; of the others, their order says all."""
    named = (lines["product_key"].to_numpy() != 0) | (lines["category_key"].to_numpy() != 0)
    return lines.select(STORED_LINES).filter(pa.array(named)) if named.any() else lines.slice(0, 0).select(STORED_LINES)


def _gathered(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Small tables as larger ones: each has its cost."""
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        if sum(map(len, waiting)) >= ROWS_AT_ONCE:
            yield pa.concat_tables(waiting)
            waiting = []
    if any(map(len, waiting)):
        yield pa.concat_tables(waiting)


def _write(rows: pa.Table, path: Path) -> None:
    """Rows in the order of customers, so that a reader who wants some customers can pass over the others."""
    pq.write_table(
        rows,
        path,
        row_group_size=ROWS_PER_GROUP,
        compression={name: "none" if name in INCOMPRESSIBLE else "lz4" for name in rows.column_names},
        use_dictionary=[name for name in OFTEN_ALIKE if name in rows.column_names],
        write_statistics=["customer_key"],
    )


def suitable_buckets(rows: int) -> int:
    """A power of two, so that a bucket holds about half a million lines."""
    buckets = 1
    while buckets * ROWS_PER_BUCKET < rows and buckets < LARGEST_BUCKET_COUNT:
        buckets *= 2
    return buckets
