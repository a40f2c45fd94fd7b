"""A log as a run has it before its first question: ingested, planned."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bench.accuracy.logs import Log
from foretell.examples.plan import Plan
from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import planned
from foretell.project.progress import Silent
from foretell.timelines.engine import Engine

AFTER_EVERYTHING = date(2200, 1, 1)


def prepared(log: Log, folder: Path, horizon_days: int | None = None, as_of: date | None = None) -> tuple[Engine, Plan]:
    """The log in a folder, up to a day where one is given, as its engine and its plan; spend is what was paid."""
    path = folder / "orders.parquet"
    log.write_before(as_of or AFTER_EVERYTHING, path)
    day = as_of.isoformat() if as_of else None
    return planned_over(path, folder / "out", columns=log.columns, value="gross", horizon_days=horizon_days, as_of=day)


def planned_over(orders: Path, out: Path, horizon_days: int | None = None, **options: object) -> tuple[Engine, Plan]:
    """The engine over the log of a file, and the plan of a run over it."""
    horizons = None if horizon_days is None else (horizon_days,)
    request = request_for_files([orders], out, horizons=horizons, workers=1, **options)
    files = source_of(request)
    columns, settled = settled_columns(files, request, None)
    log = brought_up_to_date(settled, files, columns, Silent())
    return log.engine, planned(log, Silent())[0]
