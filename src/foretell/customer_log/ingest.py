"""Ingest: what is new in the source's files goes into the customer log; what is known already stays untouched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from foretell.customer_log.erasure.forgotten import BlockList
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.identities.joined_log import joined_log
from foretell.customer_log.identities.link_reader import LinkReader, link_readers
from foretell.customer_log.identities.matching import ids_in, match_of, refuse_strangers, without_orders
from foretell.customer_log.manifest import Load, Manifest
from foretell.customer_log.order_lines import read_order_lines
from foretell.customer_log.recognition.conventions import Conventions
from foretell.customer_log.recognition.order_conventions import order_conventions
from foretell.customer_log.recognition.rate_files import reading_of_orders
from foretell.customer_log.schema import Columns, LinesBatch
from foretell.customer_log.store import FORMAT, MANIFEST, Store, refuse_other_form, suitable_buckets
from foretell.customer_log.tables.fact_reader import FactReader, fact_readers
from foretell.customer_log.tables.fact_table import CUSTOMER
from foretell.customer_log.tables.overlap import overlap_told
from foretell.customer_log.tables.registry import ORDERS
from foretell.customer_log.versions.carrying_over import LOST, carry_over, leave_behind
from foretell.customer_log.versions.growth import READ_UNTIL, is_known, rest_of
from foretell.customer_log.versions.holders import Covered, Holders, ends_of_growth
from foretell.customer_log.versions.notes import notes_on_versions
from foretell.customer_log.versions.standing import kept_though_missing, settle
from foretell.project.fingerprints import fingerprint
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.words.wording import counted

BYTES_PER_LINE = {"csv": 50, "json_lines": 150, "parquet": 6, "excel": 25, "database": 1}


@dataclass(frozen=True)
class Ingested:
    """The store, and what this run did to it; how the files write dates and numbers; `notes` are for people to read.
    `log` is the store with the customers that several ids stand for joined; the store itself where no ids are linked.
    """

    store: Store
    log: Store
    loads: Sequence[Load]
    added: Sequence[Load]
    notes: Sequence[str]
    agreed: Conventions


def ingest(files: Sequence[SourceFile], columns: Columns, request: Request, progress: Progress) -> Ingested:
    """Bring the log up to date with the files. A frame is all that there is: it takes the place of the last one."""
    reader = _reader(files, columns, request)
    readers = _readers(reader, request)
    rows = sum(file.size / BYTES_PER_LINE[file.format] for file in files)
    buckets = request.buckets or suitable_buckets(int(rows))
    store = Store(request.place.state, request.identity, request.settings.timezone, buckets)
    progress.step("Reading the files", sum(len(one.files) for one in readers))
    if all(file.is_frame for file in reader.files):
        mine = {reader.load(file).load for file in reader.files}
        store.retire([load.load for load in store.manifest.loads() if load.table == ORDERS and load.load not in mine])
    added, present = [], set[str]()
    for one in readers:
        for file in one.files:
            load = one.load(file)
            present.add(load.load)
            if isinstance(one, _Reader):
                new = _add_orders(store, file, load, one, progress)
            else:
                new = _add(store, file, load, one)
            added += [new] if new else []
            progress.advance()
    _leave_other_readings(store, reader, {one.reading for one in readers}, present)
    own = [load for load in store.manifest.loads() if load.reading == reader.reading]
    settle(store, [load for load in own if load.load in present], own, request.orders.on_missing == "withdraw")
    log, joined = joined_log(store)
    twice = list[str]()
    for one in readers:
        if isinstance(one, FactReader):
            _refuse_strangers(log, one)
            twice += overlap_told(store, one.table, one.reading)
    notes = [*(note for one in readers for note in one.agreed.notes), *joined, *twice, *_notes(log)]
    return Ingested(store, log, [load for load in store.manifest.loads() if load.stands], added, notes, reader.agreed)


def changed_files(files: Sequence[SourceFile], columns: Columns, request: Request) -> list[str]:
    """The names of the files that hold what the log does not know yet; nothing is read into it. Without a log all."""
    path = request.place.state / MANIFEST
    if not path.exists():
        return [file.name for file in files]
    readers = _readers(_reader(files, columns, request), request)
    manifest = Manifest(path)
    refuse_other_form(request.place.state, manifest.settings().get("format", FORMAT))
    kept = manifest.loads()
    if {load.reading for load in kept} - {one.reading for one in readers}:
        return [file.name for file in files]
    return [file.name for one in readers for file in one.files if not is_known(one.load(file), kept)]


@dataclass(frozen=True)
class _Reader:
    """How the files of a source are read; `reading` identifies it."""

    files: Sequence[SourceFile]
    columns: Columns
    agreed: Conventions
    request: Request
    reading: str

    def load(self, file: SourceFile) -> Load:
        """The file as it would count."""
        content = fingerprint([file.fingerprint(), self.reading])
        return Load(content, file.source, self.reading, file.size)

    def rows(self, file: SourceFile) -> Iterator[LinesBatch]:
        """Its order lines."""
        timezone, now = self.request.settings.timezone, self.request.now
        return read_order_lines([file], self.columns, self.agreed, timezone, now)


def _readers(orders: _Reader, request: Request) -> list[_Reader | FactReader | LinkReader]:
    facts = fact_readers(request)
    return [orders, *facts, *link_readers(request, orders.files, orders.columns, orders.agreed, facts)]


def _reader(files: Sequence[SourceFile], columns: Columns, request: Request) -> _Reader:
    agreed = order_conventions(files, columns, reading_of_orders(request))
    agreed = replace(agreed, forgotten=BlockList(request.place.state).read())
    told: list[object] = [agreed.discount] if columns.discount else []
    told += [agreed.states, agreed.nobody] if agreed.states or agreed.nobody else []
    told += [one for one in (agreed.order_by, agreed.amount_of) if one not in ("number", "line")]
    told += [agreed.rates.fingerprint] if agreed.rates else []
    of_all = [agreed.date_order, agreed.decimal, request.settings.timezone]
    telling = [columns.customers, columns.order, columns.time, columns.numbers, agreed.order_by, agreed.amount_of]
    reading = f"{fingerprint([*telling, *of_all])}-{fingerprint([asdict(columns), *of_all, *told])}"
    return _Reader(files, columns, agreed, request, reading)


def _leave_other_readings(store: Store, reader: _Reader, readings: set[str], present: set[str]) -> None:
    """Let go what was read in another way, but for orders that are in no file any more."""
    kept = store.manifest.loads()
    own = [load for load in kept if load.reading == reader.reading]
    stale = [load for load in kept if load.reading not in readings]
    covered = [Covered.by(load, own) for load in own if load.load in present]
    of_orders = [load for load in stale if load.table == ORDERS]
    alike = [load for load in of_orders if load.reading.startswith(_what_tells_orders(reader.reading))]
    if alike:
        carry_over(store, alike, own, covered)
    if of_orders != alike:
        leave_behind(store, [load for load in of_orders if load not in alike], own, covered)
    if others := [load.load for load in stale if load.table != ORDERS]:
        store.retire(others)


def _what_tells_orders(reading: str) -> str:
    """The part of a reading that says by what customers, orders, times and money are told."""
    return reading.partition("-")[0]


def _add_orders(store: Store, file: SourceFile, load: Load, reader: _Reader, progress: Progress) -> Load | None:
    """Take in the orders of a file, as the newest versions of those that are known already."""
    kept = store.manifest.loads()
    if is_known(load, kept):
        return None
    present = {one.source for one in reader.files}
    before = [one for one in kept if one.reading == load.reading]
    rest, begin = rest_of(file, ends_of_growth(before, load.source, present), store.manifest.settings())
    number = max((one.number for one in kept), default=0) + 1
    load = replace(load, number=number, follows=begin.number if begin else 0)
    holders = replace(Holders.of(load, before, present, reader.request.now), whole_orders=rest.since is not None)
    return _read_until(store, file, store.add(load, reader.rows(rest), (), progress, holders))


def _add(store: Store, file: SourceFile, load: Load, reader: FactReader | LinkReader) -> Load | None:
    kept = store.manifest.loads()
    if is_known(load, kept):
        return None
    load = replace(load, number=max((one.number for one in kept), default=0) + 1)
    same_path = [one for one in kept if one.source == load.source and one.reading == load.reading]
    rest, begin = rest_of(file, same_path, store.manifest.settings())
    stays = begin or reader.keeps_all
    retired = () if stays else tuple(one.load for one in same_path)
    return _read_until(store, file, store.add(load, reader.rows(rest), retired))


def _read_until(store: Store, file: SourceFile, load: Load) -> Load:
    """The load, once it is kept how far it read a relation that grows; if that is lost, all of it is read again."""
    if file.until:
        store.manifest.setting(READ_UNTIL + load.load, file.until)
    return load


def _refuse_strangers(store: Store, reader: FactReader) -> None:
    """InputError where a source has facts, and none of them is of a customer who ordered."""
    loads = {load.load for load in store.manifest.loads() if load.reading == reader.reading}
    unknown, rows = without_orders(store, reader.table.name, loads)
    if rows and unknown == rows:
        column = reader.columns.used()[CUSTOMER]
        match = match_of(ids_in(reader.files, column), store.customer_ids())
        refuse_strangers(reader.table.name, reader.files, column, match)


def _notes(store: Store) -> list[str]:
    loads = [load for load in store.manifest.loads() if load.stands]
    settings = store.manifest.settings()
    notes = notes_on_versions(loads, *kept_though_missing(settings))
    if lost := int(settings.get(LOST, 0)):
        notes.append(
            f"{counted(lost, 'order')} that the exports hold no longer went: customers, orders or money are read in "
            "another way now"
        )
    for table in dict.fromkeys(load.table for load in loads):
        row = "line" if table == ORDERS else f"row of {table}"
        if equal := sum(load.equal_lines for load in loads if load.table == table):
            notes.append(
                f"{_counted_rows(equal, row)} repeat another one exactly; they are kept, since such rows are often real"
            )
        if table != ORDERS and (unknown := without_orders(store, table)[0]):
            notes.append(f"{_counted_rows(unknown, row)} without a customer who ordered: kept until one does")
    return notes


def _counted_rows(number: int, row: str) -> str:
    """A number of rows in words.

    >>> _counted_rows(1, "row of visits"), _counted_rows(1200, "line")
    ('1 row of visits', '1,200 lines')
    """
    noun, _, rest = row.partition(" ")
    return f"{counted(number, noun)} {rest}".strip()
