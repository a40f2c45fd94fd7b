"""The engine over the customer log of a request, and what the log's end looks like."""

from __future__ import annotations

import numpy as np

from foretell.customer_log.files.source_files import SourceFile
from foretell.customer_log.ingest import Ingested
from foretell.examples.plan import LastDay
from foretell.project.request import Request
from foretell.timelines.bucket import buckets_of, last_seconds
from foretell.timelines.engine import Engine

ROWS_WORTH_A_SECOND_PROCESS = 500_000


def engine_of(ingested: Ingested, request: Request) -> Engine:
    """The engine over the store's buckets; a second process only where the log is large."""
    store = ingested.store
    large = store.rows("orders") + store.rows("order_lines") > ROWS_WORTH_A_SECOND_PROCESS
    return Engine(buckets_of(store, request.value), request.workers if large else 1)


def identity_of(files: list[SourceFile]) -> str:
    """What names a source without a declaration: where its files are."""
    return " | ".join(sorted(str(file.path.resolve()) for file in files))


def last_day(engine: Engine) -> LastDay:
    """The last day of the log, and whether it looks complete."""
    days, seconds = last_seconds(engine.buckets) if engine.buckets else (np.zeros(0), np.zeros(0))
    if not len(days):
        return LastDay(0, 86_399, 86_399)
    return LastDay(int(days[-1]), int(seconds[-1]), int(np.quantile(seconds[:-1], 0.1)) if len(days) > 1 else 0)
