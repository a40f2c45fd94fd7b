"""Readers of tables beside orders: the files of one source, and how they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from foretell.customer_log.erasure.forgotten import BlockList
from foretell.customer_log.files.files_of_source import files_of
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.manifest import Load
from foretell.customer_log.recognition.conventions import Conventions, Reading, conventions
from foretell.customer_log.recognition.declared_reading import read_as_declared
from foretell.customer_log.tables.facts import FactsBatch, read_facts
from foretell.customer_log.tables.registry import FACT_TABLES, FactColumns, FactTable
from foretell.project.fingerprints import fingerprint
from foretell.project.request import Request


@dataclass(frozen=True)
class FactReader:
    """How the files of one source of a table are read; `reading` identifies it, `clock` is the local time zone and the
    moment of the run."""

    files: Sequence[SourceFile]
    table: FactTable
    columns: FactColumns
    agreed: Conventions
    clock: tuple[str, int]
    reading: str

    @property
    def keeps_all(self) -> bool:
        """Whether what an earlier state of a file told stays: what has no date is known since it was first read."""
        return self.table.is_undated(self.columns.roles)

    def load(self, file: SourceFile) -> Load:
        """The file as it would count."""
        content = fingerprint([file.fingerprint(), self.reading])
        return Load(content, file.source, self.reading, file.size, table=self.table.name)

    def rows(self, file: SourceFile) -> Iterator[FactsBatch]:
        """Its facts."""
        return read_facts(file, self.table, self.columns.roles, self.agreed, self.clock)


def fact_readers(request: Request) -> list[FactReader]:
    """One for each source beside orders; InputError where its files or columns cannot be used."""
    readers, forgotten = [], BlockList(request.place.state).read()
    for source in (one for one in request.sources if one.table in FACT_TABLES):
        table, files = FACT_TABLES[source.table], files_of(source)
        files = read_as_declared(files, source)
        columns, timezone = FactColumns.of(table, source), request.settings.timezone
        agreed = conventions(files, columns, Reading.of(request, source))
        agreed = replace(agreed, forgotten=forgotten, sensitive=source.sensitive)
        told = [*table.signature(), sorted(columns.roles.items()), *sorted(source.sensitive)]
        reading = fingerprint([*told, agreed.date_order, agreed.decimal, timezone])
        readers.append(FactReader(files, table, columns, agreed, (timezone, request.now), reading))
    return readers
