"""Reading links: from a table of identities, or from columns beside the customer in any other source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells import dates
from foretell.customer_log.cells.dates import moments
from foretell.customer_log.cells.identifiers import as_text, canonical_ids, distinct, spread
from foretell.customer_log.erasure.forgotten import BlockList
from foretell.customer_log.erasure.left_out_at_reading import without_forgotten
from foretell.customer_log.files.files_of_source import files_of
from foretell.customer_log.files.formats import open_table
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.files.source_table import Block
from foretell.customer_log.identities.links import ALWAYS, LINKS, ONE_WHOLE, LinksBatch, each_once
from foretell.customer_log.manifest import Load
from foretell.customer_log.recognition.conventions import Conventions, Reading, conventions, require_columns
from foretell.customer_log.recognition.declared_reading import read_as_declared
from foretell.customer_log.row_problems import NO_CUSTOMER, RowProblems
from foretell.customer_log.schema import REJECTED, Columns
from foretell.customer_log.tables.fact_reader import FactReader
from foretell.customer_log.tables.fact_table import CUSTOMER, KNOWN_AT, TIME
from foretell.customer_log.tables.registry import FACT_TABLES, IDENTITIES, ORDERS, FactColumns
from foretell.customer_log.whose_and_when import Held, whose
from foretell.project.fingerprints import fingerprint
from foretell.project.request import Request, Source

OTHER, KIND = "other", "kind"


@dataclass(frozen=True)
class LinkReader:
    """How the links of one source are read; `reading` identifies it, `clock` is the local time zone and the moment of
    the run. `others` are the columns of further ids, `times` those that may date a link, the first that there is
    counts. In a table of identities (`is_table`) each row is a link, or refused."""

    files: Sequence[SourceFile]
    held: Held
    others: tuple[str, ...]
    kind: str | None
    most: int
    agreed: Conventions
    clock: tuple[str, int]
    reading: str
    is_table: bool

    @property
    def keeps_all(self) -> bool:
        """Whether what an earlier state of a file told stays: a window of orders rolls on, its links hold."""
        return not self.is_table

    def load(self, file: SourceFile) -> Load:
        """The file as it would count."""
        content = fingerprint([file.fingerprint(), self.reading])
        return Load(content, file.source, self.reading, file.size, table=IDENTITIES)

    def rows(self, file: SourceFile) -> Iterator[LinksBatch]:
        """Its links."""
        table = open_table(file)
        times = [name for name in (self.held.time, self.held.known_at) if name]
        used = list(dict.fromkeys([*self.held.customers, *self.others, *times, *([self.kind] if self.kind else [])]))
        blocks = table.batches(used, file.skip_bytes)
        for block, _ in without_forgotten(blocks, [*self.held.customers, *self.others], self.agreed.forgotten):
            yield self._links(block, file.name)

    def _links(self, block: Block, file: str) -> LinksBatch:
        rows, problems = block.rows, RowProblems(block.rows.num_rows)
        customers, _ = whose(rows, self.held)
        known_at = self._known_at(rows, problems)
        problems.mark(customers.is_null().to_numpy(zero_copy_only=False), self.held.customers[0], NO_CUSTOMER)
        parts = [LINKS.empty_table()]
        for column in self.others:
            other = canonical_ids(rows[column])
            if self.is_table:
                problems.mark(other.is_null().to_numpy(zero_copy_only=False), column, "no other id")
            there = pc.and_(other.is_valid(), pa.array(problems.good))
            kinds = self._kinds(rows, column)
            whole = [customers, other, pa.array(known_at), kinds, *self._alike(rows.num_rows, file, column)]
            whole.insert(6, pa.array(block.lines))
            parts.append(pa.table(whole, schema=LINKS).filter(there))
        if not self.is_table:
            return LinksBatch(each_once(pa.concat_tables(parts)), REJECTED.empty_table(), 0)
        rejected = pa.concat_tables([block.rejected, problems.rejected(block, file)])
        return LinksBatch(pa.concat_tables(parts), rejected, rows.num_rows + block.rejected.num_rows)

    def _known_at(self, rows: pa.Table, problems: RowProblems) -> np.ndarray:
        """int64: since when each link is known, `ALWAYS` where nothing is said."""
        known = np.full(rows.num_rows, ALWAYS)
        for column in (self.held.time, self.held.known_at):
            if column:
                found = moments(rows[column], self.agreed.date_order, *self.clock)
                problems.mark_all(np.where(found.reasons == dates.MISSING, 0, found.reasons), dates.REASONS, column)
                known = np.where(found.reasons == 0, np.maximum(found.known_at, found.happened_at), known)
        return known

    def _kinds(self, rows: pa.Table, column: str) -> pa.Array:
        if self.kind is None:
            return pa.array([column.lower()] * rows.num_rows, pa.string())
        values, positions = distinct(rows[self.kind])
        return pc.fill_null(pc.utf8_lower(spread(as_text(values), positions)), "other")

    def _alike(self, rows: int, file: str, column: str) -> list[pa.Array]:
        return [pa.array([value] * rows) for value in (self.most, file, column)]


def link_readers(
    request: Request, files: Sequence[SourceFile], columns: Columns, agreed: Conventions, facts: Sequence[FactReader]
) -> list[LinkReader]:
    """One for each table of identities and each source with columns of further ids; `files`, `columns` and `agreed` are
    those of orders, `facts` the readers of other tables in their order. InputError where one cannot be used."""
    of_facts, readers = iter(facts), list[LinkReader]()
    clock = request.settings.timezone, request.now
    for source in request.sources:
        if source.table == IDENTITIES:
            readers.append(_of_table(request, source, clock))
            continue
        if source.table == ORDERS:
            held = Held(columns.customers, columns.time, columns.known_at, agreed.nobody)
            own = files, held, agreed
        elif source.table in FACT_TABLES:
            reader = next(of_facts)
            used = reader.columns.used()
            own = reader.files, _held(used), reader.agreed
        if source.also:
            for file in own[0]:
                require_columns(open_table(file), FactColumns(None, {f"also {n}": n for n in source.also}, ()))
            readers.append(_reader(source, own, source.also, None, clock))
    return readers


def _of_table(request: Request, source: Source, clock: tuple[str, int]) -> LinkReader:
    files = read_as_declared(files_of(source), source)
    time = source.columns.get(KNOWN_AT) or source.columns.get(TIME)
    agreed = conventions(files, FactColumns(time, dict(source.columns), ()), Reading.of(request, source))
    agreed = replace(agreed, forgotten=BlockList(request.place.state).read())
    own = files, _held(source.columns), agreed
    return _reader(source, own, (source.columns[OTHER],), source.columns.get(KIND), clock)


def _held(columns: Mapping[str, str]) -> Held:
    return Held((columns[CUSTOMER],), columns.get(TIME, ""), columns.get(KNOWN_AT))


def _reader(
    source: Source,
    own: tuple[Sequence[SourceFile], Held, Conventions],
    others: tuple[str, ...],
    kind: str | None,
    clock: tuple[str, int],
) -> LinkReader:
    files, held, agreed = own
    most = ONE_WHOLE if source.entity else source.most_merged
    told = [source.table, held, others, kind, most, agreed.date_order, clock[0]]
    return LinkReader(files, held, others, kind, most, agreed, clock, fingerprint(told), source.table == IDENTITIES)
