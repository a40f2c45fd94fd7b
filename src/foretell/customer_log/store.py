"""The bucketed Parquet store: files are written once, and count from the moment the manifest names them."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.customer_log.identities.links import LinksBatch
from foretell.customer_log.load_files import LoadFiles
from foretell.customer_log.manifest import ANEW, Load, Manifest, StoredFile
from foretell.customer_log.schema import REJECTED, LinesBatch
from foretell.customer_log.tables.facts import FactsBatch
from foretell.customer_log.tables.registry import FACT_TABLES
from foretell.customer_log.versions.holders import Holders
from foretell.customer_log.versions.ledger import ledger_of
from foretell.customer_log.versions.left_out import told_last
from foretell.customer_log.versions.order_versions import OrderVersions
from foretell.customer_log.versions.rolled_on import cut_back
from foretell.project.errors import InputError
from foretell.project.progress import Progress, Silent
from foretell.storage.artefacts import digest_of

ROWS_PER_BUCKET = 500_000
LARGEST_BUCKET_COUNT = 1024
FORMAT = "5"
MANIFEST, JOINED = "manifest.sqlite", "joined"
"""The manifest of what was read; and the setting that names the one of the same log with linked ids joined."""


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
        if held != identity and not _is_wider(identity, held):
            raise InputError(
                "The folder holds the state of another source.",
                file=str(root),
                found=held,
                expected=identity,
                hint="give another --out, or remove that folder",
            )
        refuse_other_form(root, self.manifest.setting("format", FORMAT))
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
        self._just_written: set[str] = set()

    @classmethod
    def kept(cls, root: Path) -> Store:
        """The store of a folder as it stands, to be read; nothing is written. InputError where there is none."""
        store = cls.__new__(cls)
        store.root, store.manifest, store._just_written = root.absolute(), Manifest(root / MANIFEST), set()
        if not store.manifest.is_there:
            raise InputError(
                "There is no customer log here.", file=str(root), hint="foretell run orders.csv reads the files anew"
            )
        settings = store.manifest.settings()
        refuse_other_form(root, settings.get("format", FORMAT))
        if joined := settings.get(JOINED, "").partition(" ")[0]:
            store.manifest = Manifest(root / joined)
        try:
            store.timezone, store.buckets = settings["timezone"], int(settings["buckets"])
        except (KeyError, ValueError):
            raise InputError(
                "The manifest of the customer log is damaged.",
                file=str(store.manifest.path),
                hint=f"in {root}, {ANEW}",
            ) from None
        return store

    def as_read(self) -> Store:
        """The same folder with what was read, each id by itself, where linked ids are joined."""
        return self.read_through(Manifest(self.root / MANIFEST))

    def read_through(self, manifest: Manifest) -> Store:
        """The same folder with the files that another manifest in it names."""
        store = copy(self)
        store.manifest = manifest
        return store

    def check(self, buckets: Collection[int] | None = None) -> None:
        """InputError where a file that counts, of some buckets or of all, is missing or not as written; what this
        store wrote itself was read once more when it was written."""
        for file in self.manifest.files():
            asked = buckets is None or file.bucket in buckets or file.kind == "words"
            if asked and file.path not in self._just_written:
                path = self.root / file.path
                found = "no such file" if not path.is_file() else "other bytes than were written"
                if not path.is_file() or digest_of(path) != file.digest:
                    raise InputError(
                        "A file of the customer log is damaged.",
                        file=str(path),
                        found=found,
                        hint=f"in {self.root}, {ANEW}",
                    )

    def files(self, kind: str, bucket: int) -> list[Path]:
        """The Parquet files of one kind (`customers`, `orders`, `order_lines`, another table) in one bucket."""
        return [self.root / file.path for file in self.manifest.files(kind, bucket)]

    def words(self) -> list[Path]:
        """The Parquet files of the texts behind codes, one a load that has any."""
        return [self.root / file.path for file in self.manifest.files("words")]

    def customer_ids(self) -> pa.Array:
        """The ids of all customers of orders, each once, sorted."""
        files = map(self._path, self.manifest.files("customers"))
        parts = [pq.ParquetFile(path).read(columns=["customer_id"], use_threads=False)["customer_id"] for path in files]
        ids = pc.unique(pa.chunked_array([chunk for part in parts for chunk in part.chunks], pa.string()))
        return ids.take(pc.sort_indices(ids))

    def rows(self, kind: str) -> int:
        """Rows of one kind that count."""
        return sum(file.rows for file in self.manifest.files(kind))

    def rejected(self) -> pa.Table:
        """Every row that could not be used, as `REJECTED`, by file and line."""
        tables = [pq.ParquetFile(self._path(one)).read(use_threads=False) for one in self.manifest.files("rejected")]
        if not tables:
            return REJECTED.empty_table()
        return pa.concat_tables(tables).sort_by([("file", "ascending"), ("line", "ascending")])

    def left_out(self) -> pa.Table:
        """The rows that are no sale of a customer, as `LEFT_OUT`; each order as the newest export tells of it."""
        loads = {load.load: load for load in self.manifest.loads()}
        files = [file for file in self.manifest.files("left_out") if file.load in loads]
        told = [(loads[file.load], pq.ParquetFile(self._path(file)).read(use_threads=False)) for file in files]

        def ledger() -> pa.Table:
            return ledger_of([self._path(file) for file in self.manifest.files("ledger")])

        return told_last(told, list(loads.values()), ledger, self.timezone)

    def add(
        self,
        load: Load,
        batches: Iterable[LinesBatch] | Iterable[FactsBatch] | Iterable[LinksBatch],
        retired: tuple[str, ...] = (),
        progress: Progress | None = None,
        holders: Holders | None = None,
    ) -> Load:
        """Write one load of order lines, or of the facts of another table; then let it count. When anything
        fails, nothing of it is left. Of `retired` loads facts of times that it does not cover stay. Where `holders` say
        what orders are compared with, known ones are not written again, and older versions end."""
        with self._written_aside(load) as files:
            versions = None
            if holders:
                kept, adds = self.manifest.files(), load.follows > 0 and not holders.whole_orders
                versions = OrderVersions(holders, kept, files, self._path, self.timezone, adds)
                superseded = {one.load for one in holders.own if one.source == load.source and not load.follows}
                for file in kept:
                    if file.kind in ("rejected", "left_out") and file.load in superseded:
                        files.drop(file)
            done = files.written(batches, progress or Silent(), versions)
            if retired and load.table in FACT_TABLES:
                staying = cut_back(files, [f for f in self.manifest.files() if f.load in retired], done, self._path)
                retired = tuple(one for one in retired if one not in staying)
            gone = self.manifest.add(done, files.stored, retired, files.dropped)
            self._just_written |= {file.path for file in files.stored}
        self._delete(gone)
        return done

    def settle(self, loads: Sequence[Load], settings: Mapping[str, str], write: Callable[[LoadFiles], None]) -> None:
        """Change what is said of loads, settings, and what `write` writes into files, all at once. The first of the
        loads is that to which the files belong."""
        with self._written_aside(loads[0]) as files:
            write(files)
            gone = self.manifest.settle(loads, files.stored, files.dropped, settings)
            self._just_written |= {file.path for file in files.stored}
        self._delete(gone)

    def _path(self, file: StoredFile) -> Path:
        return self.root / file.path

    def _delete(self, paths: Iterable[str]) -> None:
        for path in paths:
            (self.root / path).unlink(missing_ok=True)

    @contextmanager
    def _written_aside(self, load: Load) -> Iterator[LoadFiles]:
        """The files of a load in a folder of their own, which is gone where anything fails."""
        folder = Path("loads") / f"{load.load[:12]}-{uuid.uuid4().hex[:6]}"
        (self.root / folder).mkdir(parents=True)
        try:
            yield LoadFiles(self.root, folder, load, self.buckets, self.timezone)
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

    def retire(self, loads: Sequence[str]) -> None:
        """Let loads count no more, and delete their files."""
        self._delete(self.manifest.retire(loads))


def _is_wider(identity: str, held: str) -> bool:
    """Whether what is given now is the folder of the files that were given before."""
    return all(Path(part).parent == Path(identity) for part in held.split(" | "))


def refuse_other_form(root: Path, form: str) -> None:
    """InputError where the log was written in another format than this version's."""
    if form != FORMAT:
        raise InputError(
            "The folder was filled by another version of Foretell.",
            file=str(root),
            found=f"format {form}",
            expected=f"format {FORMAT}",
            hint="remove that folder, and run again",
        )


def suitable_buckets(rows: int) -> int:
    """A power of two, so that a bucket holds about half a million lines."""
    buckets = 1
    while buckets * ROWS_PER_BUCKET < rows and buckets < LARGEST_BUCKET_COUNT:
        buckets *= 2
    return buckets
