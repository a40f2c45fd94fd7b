"""What every fact has: whose it is, when it happened, and when it became known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells import dates
from foretell.customer_log.cells.dates import moments
from foretell.customer_log.cells.identifiers import canonical_ids
from foretell.customer_log.row_problems import RowProblems
from foretell.project.request import DateOrder


class Held(NamedTuple):
    """The columns that hold whose, when, and when known (None: with the event)."""

    customer: str
    time: str
    known_at: str | None


class WhoseAndWhen(NamedTuple):
    """One entry a row: ids (null without one), int64 moments in microseconds UTC."""

    customer: pa.Array
    happened_at: np.ndarray
    known_at: np.ndarray


def whose_and_when(
    rows: pa.Table, held: Held, order: DateOrder | None, clock: tuple[str, int], problems: RowProblems
) -> WhoseAndWhen:
    """Read them; rows without a customer or a date that can be believed are marked. `clock` is the local time zone, and
    the moment that bounds the dates. What became known is known when it happened at the earliest."""
    customers = canonical_ids(rows[held.customer])
    problems.mark(customers.is_null().to_numpy(zero_copy_only=False), held.customer, "no customer id")
    time = moments(rows[held.time], order, *clock)
    problems.mark_all(time.reasons, dates.REASONS, held.time)
    if held.known_at is None:
        return WhoseAndWhen(customers, time.happened_at, time.known_at)
    later = moments(rows[held.known_at], order, *clock)
    problems.mark_all(np.where(later.reasons == dates.MISSING, 0, later.reasons), dates.REASONS, held.known_at)
    known_at = np.where(later.reasons == 0, np.maximum(later.known_at, time.happened_at), time.known_at)
    return WhoseAndWhen(customers, time.happened_at, known_at)
