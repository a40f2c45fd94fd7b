"""Logs of made files, and what a run over them plans."""

from __future__ import annotations

from pathlib import Path

from foretell.examples.plan import Plan
from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import Log, brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import planned
from foretell.project.progress import Silent
from foretell.timelines.engine import Engine


def log_of(orders: Path, out: Path, **options: object) -> Log:
    """The log of a file."""
    request = request_for_files([orders], out, **{"workers": 1, **options})
    files = source_of(request)
    columns, settled = settled_columns(files, request, None)
    return brought_up_to_date(settled, files, columns, Silent())


def planned_log(orders: Path, out: Path, **options: object) -> tuple[Engine, Plan]:
    """The engine over the log of a file, and the plan of a run over it."""
    log = log_of(orders, out, **options)
    return log.engine, planned(log, Silent())[0]
