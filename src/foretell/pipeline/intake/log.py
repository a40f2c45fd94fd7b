"""The log of a run: its files read, what is new added to the customer log, the engine over it or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from foretell.answers.intake import most_common_reasons
from foretell.customer_log.files.database_table import DatabaseTable
from foretell.customer_log.files.files_of_source import files_of
from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.ingest import ingest
from foretell.customer_log.intake import Intake
from foretell.customer_log.recognition.declared_reading import read_as_declared
from foretell.customer_log.schema import Columns
from foretell.customer_log.store import Store
from foretell.examples.plan import LastDay
from foretell.pipeline.intake.losses import losses_told
from foretell.pipeline.intake.sums_of_months import sums_told
from foretell.pipeline.intake.unusable_rows import refuse_unusable
from foretell.project.errors import ShortHistory
from foretell.project.intervals import from_microseconds
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.timelines.batch import Timelines
from foretell.timelines.bucket import buckets_of
from foretell.timelines.engine import Engine, engine_over
from foretell.timelines.survey import Survey
from foretell.timelines.totals import totals_of
from foretell.words.wording import counted


@dataclass(frozen=True)
class Log:
    """The customer log as it stands after the files were read."""

    request: Request
    intake: Intake
    engine: Engine
    last_day: LastDay


def source_of(request: Request) -> list[SourceFile]:
    """The files of the orders, to be read as was declared."""
    return read_as_declared(files_of(request.orders), request.orders)


def brought_up_to_date(request: Request, files: Sequence[SourceFile], columns: Columns, progress: Progress) -> Log:
    """Read what is new in the files into the customer log; InputError where most rows cannot be used."""
    files = read_as_declared(files, request.orders, columns.time)
    request = replace(request, identity=request.identity or identity_of(request.orders.files))
    found = ingest(files, columns, request, progress)
    engine = engine_over(found.log, request.settings.value, request.workers)
    totals = totals_of(engine)
    intake = Intake(
        columns=dict(columns.used()),
        loads=tuple(found.loads),
        notes=(
            *request.orders.assumed,
            *sensitive_told(request),
            *found.notes,
            *losses_told(found.store, columns),
            *sums_told(found.store),
        ),
        date_order=found.agreed.date_order,
        decimal=found.agreed.decimal,
        rejected=found.log.rejected(),
        ids_are_text=any(_holds_text_ids(file, columns) for file in files),
        left_out=found.store.left_out(),
        **asdict(totals),
    )
    refuse_unusable(intake, files, request)
    return Log(request, intake, engine, LastDay.of(Engine(buckets_of(found.store, request.settings.value))))


def sensitive_told(request: Request) -> list[str]:
    """What is not read since it is marked as sensitive, in a sentence for each source."""
    marked = [source for source in request.sources if source.sensitive]
    return [f"Left out of {source.table} as sensitive: {', '.join(source.sensitive)}" for source in marked]


def somebody(log: Log, survey: Survey, as_of: int) -> None:
    """ShortHistory, with the reason, where nobody ordered before the date."""
    if not survey.customers:
        raise nobody_to_score(log.engine, log.intake.rejected, as_of, survey)
    if survey.objecting == survey.customers:
        raise ShortHistory(
            "Every customer objects to profiling.",
            found=f"{counted(survey.customers, 'customer')} with an order before the as-of date, all of whom object",
            expected="somebody of whom forecasts may be made",
            hint="look at purpose and state in the source of consents",
        )


def identity_of(given: Sequence[Path]) -> str:
    """What names a source without a declaration: the file, folder or pattern that was given; of several files of one
    folder the folder, so that one file more is the same source."""
    paths = sorted({path.expanduser().resolve() for path in given})
    folders = {path.parent for path in paths}
    return " | ".join(map(str, paths if len(paths) == 1 or len(folders) > 1 else folders))


def kept_engine(request: Request) -> Engine:
    """The engine over the log as a run left it; nothing is read from the source files, and nothing is written."""
    return engine_over(Store.kept(request.place.state), request.settings.value)


def kept_until(request: Request) -> int:
    """Up to when the log as a run left it is complete: the midnight after its last complete day (microseconds UTC)."""
    everything = Engine(buckets_of(Store.kept(request.place.state), request.settings.value))
    return LastDay.of(everything).as_of(request.settings.timezone)


def nobody_to_score(engine: Engine, rejected: pa.Table, as_of: int, survey: Survey) -> ShortHistory:
    """The error for a log without an order before the as-of date: no row could be read, or all of them are refunds,
    or all orders come later."""
    if not engine.buckets:
        return ShortHistory(
            "No row could be used.",
            found=f"{counted(len(rejected), 'row')}, all of them refused: {most_common_reasons(rejected)}",
            expected="at least one order",
            hint="check which column is what: --columns customer=...,time=...,amount=...",
        )
    day = from_microseconds(as_of, survey.timezone).date()
    if survey.refund_only:
        refunds = sum(engine.over(_refunds, as_of))
        return ShortHistory(
            f"Only refunds were found before {day}.",
            found=f"{counted(refunds, 'refund')} of {counted(survey.refund_only, 'customer')}, no order",
            expected="at least one order: an amount of 0 or more that is not marked as a refund",
            hint="check the sign of the amounts (refunds are the negative ones) and the column that marks refunds",
        )
    return ShortHistory(
        "No customer has an order before the as-of date.",
        found=f"0 customers with an order before {day}",
        expected="at least one order",
        hint="give a later --as-of, or check the column that holds the time",
    )


def _refunds(batch: Timelines) -> int:
    return len(batch.adjustments)


def _holds_text_ids(file: SourceFile, columns: Columns) -> bool:
    """Whether the file's format says that ids are text (a delimited file says nothing)."""
    if file.relation:
        return DatabaseTable(file).text_columns.get(columns.customer, False)
    if file.format != "parquet":
        return False
    with file.open() as stream:
        kind = (
            pq.read_schema(pa.BufferReader(stream.read()) if file.packing else file.path).field(columns.customer).type
        )
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
