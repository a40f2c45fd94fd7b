"""A log as a run has it before its first question: ingested, planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from bench.accuracy_logs import Log
from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.ingest import Ingested, ingest
from foretell.examples.plan import Plan, plan_run
from foretell.pipeline.columns import settled_columns
from foretell.pipeline.log_engine import engine_of, identity_of, last_day
from foretell.pipeline.requests import request_for_files
from foretell.project.progress import Silent
from foretell.project.request import Request
from foretell.timelines.engine import Engine

AFTER_EVERYTHING = date(2200, 1, 1)


def prepared(log: Log, folder: Path, horizon_days: int | None = None) -> tuple[Request, Ingested, Engine, Plan]:
    """The whole log in a folder, its engine and its plan."""
    path = folder / "orders.parquet"
    log.write_before(AFTER_EVERYTHING, path)
    request = request_for_files(
        [path], folder / "out", columns=log.columns, value="gross", workers=1, horizon_days=horizon_days
    )
    files = source_files([str(path)])
    columns, settled = settled_columns(files, request, None)
    settled = replace(settled, identity=identity_of(files))
    ingested = ingest(files, columns, settled, Silent())
    engine = engine_of(ingested, settled)
    return settled, ingested, engine, plan_run(engine, settled, last_day(engine), Silent())
