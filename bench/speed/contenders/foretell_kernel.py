"""Foretell: the log is laid out in buckets of whole customers, then one pass over each bucket answers all cutoffs.

`lay_out` is what `foretell run` does first: every cell is checked, ids are made canonical and hashed, lines are
written to bucketed Parquet and folded into orders. `answer` begins at the finished log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.speed.question import CUTOFFS, FEATURES, HORIZON_DAYS, LABELS, Answers
from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.ingest import ingest
from foretell.customer_log.schema import Columns
from foretell.examples.labels import own_labels
from foretell.features import FEATURES as REGISTERED
from foretell.project.intervals import days, to_microseconds
from foretell.project.place import Place
from foretell.project.progress import Silent
from foretell.project.request import Asked, Request, Settings, Source
from foretell.timelines.as_of import Population
from foretell.timelines.batch import Timelines
from foretell.timelines.bucket import buckets_of
from foretell.timelines.engine import Engine

COLUMNS = Columns(customer="customer_id", time="ordered_at", amount="amount", order="order_id")
WORKERS = 1
NOBODY_ELSE = Population(0, float("nan"), float("nan"))


def lay_out(orders: Path, state: Path) -> Engine:
    """The customer log of the file, or the one that is there already."""
    now = to_microseconds(datetime(2026, 1, 1, tzinfo=UTC))
    source, place = Source((orders,)), Place(state, state)
    request = Request((source,), Settings(), Asked(), place, now, identity=str(orders))
    store = ingest(source_files([orders]), COLUMNS, request, Silent()).store
    return Engine(buckets_of(store, "net"), WORKERS)


@dataclass(frozen=True)
class Asking:
    """The question, as a function of one batch."""

    cutoffs: Sequence[datetime]
    folder: Path | None

    def __call__(self, batch: Timelines) -> Answers:
        """The batch's part of the answers."""
        answers = Answers(self.folder)
        moments = [to_microseconds(cutoff.replace(tzinfo=UTC)) for cutoff in self.cutoffs]
        for cutoff, view in zip(self.cutoffs, batch.views(moments, lambda moment: NOBODY_ELSE), strict=True):
            seen = np.flatnonzero(view.orders.count())
            columns = {name: REGISTERED[name](view).take(seen) for name in FEATURES}
            ahead = own_labels(batch, view.cutoff, HORIZON_DAYS)
            columns |= {name: ahead[name].take(seen) for name in LABELS}
            answers.give(cutoff, batch.customer_id.take(pa.array(seen)), columns)
        return answers


def answer(engine: Engine, answers: Answers) -> None:
    """All features and labels at each cutoff, bucket by bucket."""
    newest = to_microseconds(CUTOFFS[-1].replace(tzinfo=UTC))
    for part in engine.over(Asking(CUTOFFS, answers.folder), newest + days(HORIZON_DAYS)):
        answers.add(part)
