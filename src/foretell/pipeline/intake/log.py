"""The log of a run: its files read, what is new added to the customer log, and the engine over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.parquet as pq

from foretell.customer_log.files.source_files import SourceFile, source_files
from foretell.customer_log.ingest import ingest
from foretell.customer_log.intake import Intake
from foretell.customer_log.recognition.declared_reading import read_as_declared
from foretell.customer_log.schema import Columns
from foretell.customer_log.store import Store
from foretell.examples.plan import LastDay
from foretell.pipeline.intake.losses import losses_told
from foretell.pipeline.intake.refusals import nobody_to_score
from foretell.pipeline.intake.sums_of_months import sums_told
from foretell.pipeline.intake.unusable_rows import refuse_unusable
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.timelines.engine import Engine, engine_over
from foretell.timelines.survey import Survey


@dataclass(frozen=True)
class Log:
    """The customer log as it stands after the files were read."""

    request: Request
    intake: Intake
    engine: Engine
    last_day: LastDay


def source_of(request: Request) -> list[SourceFile]:
    """The files of the orders, to be read as was declared."""
    return read_as_declared(source_files([str(path) for path in request.orders.files]), request.orders)


def brought_up_to_date(request: Request, files: Sequence[SourceFile], columns: Columns, progress: Progress) -> Log:
    """Read what is new in the files into the customer log; InputError where most rows cannot be used."""
    files = read_as_declared(files, request.orders, columns.time)
    request = replace(request, identity=request.identity or identity_of(files))
    found = ingest(files, columns, request, progress)
    engine = engine_over(found.store, request.settings.value, request.workers)
    intake = Intake(
        columns=dict(columns.used()),
        loads=tuple(found.loads),
        notes=(*found.notes, *losses_told(found.store, columns), *sums_told(found.store)),
        date_order=found.agreed.date_order,
        decimal=found.agreed.decimal,
        rejected=found.store.rejected(),
        ids_are_text=any(_holds_text_ids(file, columns) for file in files),
    )
    refuse_unusable(intake, files, request)
    return Log(request, intake, engine, LastDay.of(engine))


def somebody(log: Log, survey: Survey, as_of: int) -> None:
    """ShortHistory, with the reason, where nobody ordered before the date."""
    if not survey.customers:
        raise nobody_to_score(log.engine, log.intake.rejected, as_of, survey)


def identity_of(files: Sequence[SourceFile]) -> str:
    """What names a source without a declaration: where its files are."""
    return " | ".join(sorted(str(file.path.resolve()) for file in files))


def kept_engine(request: Request) -> Engine:
    """The engine over the log as a run left it; nothing is read from the source files, and nothing is written."""
    return engine_over(Store.kept(request.place.state), request.settings.value)


def _holds_text_ids(file: SourceFile, columns: Columns) -> bool:
    """Whether the file's format says that ids are text (a delimited file says nothing)."""
    if file.format != "parquet":
        return False
    with file.open() as stream:
        kind = (
            pq.read_schema(pa.BufferReader(stream.read()) if file.packing else file.path).field(columns.customer).type
        )
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
