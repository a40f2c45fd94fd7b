"""The check of the data before any training: the log is brought up to date as a run would do it, and asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.identities.matching import ids_in, match_of
from foretell.customer_log.store import Store
from foretell.customer_log.tables.fact_reader import fact_readers
from foretell.customer_log.tables.fact_table import CUSTOMER
from foretell.customer_log.tables.registry import ORDERS
from foretell.health.data.cells import Cells, ReadSource, cells_of
from foretell.health.data.checked import DataCheck, data_checked, stopped
from foretell.health.data.finding import DataFinding, Sought
from foretell.health.data.matches import written_otherwise
from foretell.health.data.picture import TablePicture, pictured
from foretell.pipeline.intake.check import intake_lines
from foretell.pipeline.intake.columns import Ask, settled_columns
from foretell.pipeline.intake.log import Log, brought_up_to_date, source_of
from foretell.pipeline.privacy.forgetting import finish_forgetting
from foretell.pipeline.run import planned
from foretell.project.errors import InputError
from foretell.project.one_thread import on_one_thread
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.storage.lock import alone_at_work


@on_one_thread
def checked_data(request: Request, progress: Progress, ask: Ask | None = None) -> DataCheck:
    """What can be said of the data of a request; nothing is trained, and the log stays for the next run. What a run
    would refuse is a finding that stops. InputError where there are no such files, or another run is at work."""
    files = source_of(request)
    with alone_at_work(request.place.state):
        finish_forgetting(request.place, progress)
        try:
            columns, settled = settled_columns(files, request, ask)
            log = brought_up_to_date(settled, files, columns, progress)
            plan = planned(log, progress)[0]
        except InputError as error:
            return stopped(error)
        progress.step("Checking the data", 1)
        timezone, currency = settled.settings.timezone, settled.settings.currency
        picture = pictured(log.engine, log.intake, timezone, currency)
        sources = read_sources(log, files)
        cells = [(source, cells_of(source, ())) for source in sources]
        picture = replace(picture, tables=tuple(_with_files(table, cells, log) for table in picture.tables))
        roles = {source.table: {k: v for k, v in source.columns.items() if v in source.used} for source in sources}
        found = data_checked(picture, log.intake, plan, roles)
        progress.advance()
        shown = with_places(found.findings, sources)
        return replace(found, findings=shown, read=intake_lines(log.intake, currency)[0])


def read_sources(log: Log, files: Sequence[SourceFile]) -> list[ReadSource]:
    """The sources of a log as they were read, orders first."""
    request, intake = log.request, log.intake
    clock = (request.settings.timezone, request.now)
    beside = [
        ReadSource(one.table.name, one.files, one.columns.used(), one.agreed.date_order, clock)
        for one in fact_readers(request)
    ]
    return [ReadSource(ORDERS, files, intake.columns, intake.date_order, clock), *beside]


def with_places(found: Sequence[DataFinding], sources: Sequence[ReadSource]) -> tuple[DataFinding, ...]:
    """The findings with file and line of the rows that show them; the files of a table are read once more only where
    one of its findings asks for a row."""
    places: dict[str, dict[Sought, str]] = {}
    for source in sources:
        if wanted := [one.sought for one in found if one.table == source.table and one.sought is not None]:
            own = cells_of(source, wanted).places
            places[source.table] = {**own, **places.get(source.table, {})}
    told = []
    for one in found:
        place = places.get(one.table, {}).get(one.sought, "") if one.sought else ""
        told.append(replace(one, example=": ".join(filter(None, (place, one.example)))))
    return tuple(told)


def _with_files(table: TablePicture, cells: Sequence[tuple[ReadSource, Cells]], log: Log) -> TablePicture:
    """The picture of a table with what its files tell beside."""
    own = [(source, found) for source, found in cells if source.table == table.table]
    empty: dict[str, int] = {}
    for _, found in own:
        for column, number in found.empty.items():
            empty[column] = empty.get(column, 0) + number
    written = [file.path.stat().st_mtime for source, _ in own for file in source.files if not file.is_frame]
    table = replace(table, empty=empty, written_at=int(max(written, default=0) * 1_000_000))
    if table.table == ORDERS:
        return table
    ordered = Store.kept(log.request.place.state).customer_ids()
    parts = [ids_in(source.files, source.columns[CUSTOMER]) for source, _ in own]
    ids = pc.unique(pa.concat_arrays(parts))
    match = match_of(ids, ordered)
    strangers, buyers = ids.filter(pc.invert(pc.is_in(ids, ordered))), ordered.filter(pc.invert(pc.is_in(ordered, ids)))
    otherwise, pair = written_otherwise(strangers, buyers)
    return replace(
        table,
        customers=match.customers,
        met=match.found,
        ordered=match.ordered,
        strangers=match.strangers,
        buyers=match.buyers,
        otherwise=otherwise,
        pair=pair,
    )
