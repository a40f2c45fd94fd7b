"""Ingest: what is new in the source's files goes into the customer log; what is known already stays untouched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from foretell.customer_log.files.source_files import SourceFile, prefix_fingerprint
from foretell.customer_log.manifest import Load
from foretell.customer_log.order_lines import read_order_lines
from foretell.customer_log.recognition.conventions import Conventions, conventions
from foretell.customer_log.schema import Columns, LinesBatch
from foretell.customer_log.store import Store, suitable_buckets
from foretell.project.fingerprints import fingerprint
from foretell.project.intervals import parse_day
from foretell.project.progress import Progress
from foretell.project.request import Request

BYTES_PER_LINE = {"csv": 50, "json_lines": 150, "parquet": 6, "excel": 25}


@dataclass(frozen=True)
class Ingested:
    """The store, and what this run did to it; how the files write dates and numbers; `notes` are for people to read."""

    store: Store
    loads: Sequence[Load]
    added: Sequence[Load]
    notes: Sequence[str]
    agreed: Conventions


def ingest(files: Sequence[SourceFile], columns: Columns, request: Request, progress: Progress) -> Ingested:
    """Bring the log up to date with the files."""
    timezone, source = request.settings.timezone, request.orders
    as_of = parse_day(request.asked.as_of, timezone) if request.asked.as_of else None
    agreed = conventions(
        files, columns, timezone, request.now, as_of,
        source.date_order, source.decimal,
    )  # fmt: skip
    rows = sum(file.size / BYTES_PER_LINE[file.format] for file in files)
    store = Store(request.place.state, request.identity, timezone, request.buckets or suitable_buckets(int(rows)))
    told = [agreed.discount] if columns.discount else []
    reading = fingerprint([asdict(columns), agreed.date_order, agreed.decimal, timezone, *told])
    progress.step("Reading the files", len(files))
    added = []
    for file in files:
        load = Load(fingerprint([file.fingerprint(), reading]), str(file.path.resolve()), reading, file.size)
        reader = _Reader(columns, agreed, request)
        if new := _add(store, file, load, reader, progress):
            added.append(new)
        progress.advance()
    stale = tuple(load.load for load in store.manifest.loads() if load.reading != reading)
    if stale:
        store.retire(stale)
    return Ingested(store, store.manifest.loads(), added, [*agreed.notes, *_notes(store)], agreed)


@dataclass(frozen=True)
class _Reader:
    """How the files of a source are read."""

    columns: Columns
    agreed: Conventions
    request: Request

    def lines(self, file: SourceFile) -> Iterator[LinesBatch]:
        timezone, now = self.request.settings.timezone, self.request.now
        return read_order_lines([file], self.columns, self.agreed, timezone, now)


def _add(store: Store, file: SourceFile, load: Load, reader: _Reader, progress: Progress) -> Load | None:
    known = {kept.load: kept for kept in store.manifest.loads()}
    if load.load in known:
        return None
    same_path = [kept for kept in known.values() if kept.source == load.source and kept.reading == load.reading]
    grown_from = max((kept.bytes for kept in same_path if _is_prefix(file, kept)), default=0)
    retired = () if grown_from else tuple(kept.load for kept in same_path)
    return store.add(load, reader.lines(replace(file, skip_bytes=grown_from)), retired, progress)


def _is_prefix(file: SourceFile, kept: Load) -> bool:
    if not file.can_grow or kept.bytes >= file.size or not _ends_line(file, kept.bytes):
        return False
    return fingerprint([prefix_fingerprint(file.path, kept.bytes), kept.reading]) == kept.load


def _ends_line(file: SourceFile, size: int) -> bool:
    with file.path.open("rb") as stream:
        stream.seek(size - 1)
        return stream.read(1) == b"\n"


def _notes(store: Store) -> list[str]:
    equal = sum(load.equal_lines for load in store.manifest.loads())
    return (
        [f"{equal:,} lines repeat another one exactly; they are kept, since such lines are often real"] if equal else []
    )
