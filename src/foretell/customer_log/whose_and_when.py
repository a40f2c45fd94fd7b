"""What every fact has: whose it is, when it happened, and when it became known; and the rows that do not have it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.cells import dates
from foretell.customer_log.cells.dates import Moments, moments
from foretell.customer_log.cells.identifiers import canonical_ids
from foretell.customer_log.row_problems import RowProblems
from foretell.project.request import DateOrder


class Held(NamedTuple):
    """The columns that hold whose (the first that is filled counts), when, and when known (None: with the event), and
    the values that stand for nobody."""

    customers: tuple[str, ...]
    time: str
    known_at: str | None
    nobody: tuple[str, ...] = ()


class WhoseAndWhen(NamedTuple):
    """One entry a row: ids (null without one), int64 moments in microseconds UTC, and who stands there where that is
    nobody (null elsewhere)."""

    customer: pa.Array
    happened_at: np.ndarray
    known_at: np.ndarray
    nobody: pa.Array


def whose_and_when(
    rows: pa.Table, held: Held, order: DateOrder | None, clock: tuple[str, int], problems: RowProblems
) -> WhoseAndWhen:
    """Read them; rows without a date that can be believed are marked. `clock` is the local time zone, and the moment
    that bounds the dates. What became known is known when it happened at the earliest."""
    customers, nobody = whose(rows, held)
    time = moments(rows[held.time], order, *clock)
    problems.mark_all(time.reasons, dates.REASONS, held.time)
    known_at = known_later(rows, held.known_at, time, order, clock, problems)
    return WhoseAndWhen(customers, time.happened_at, known_at, nobody)


def known_later(
    rows: pa.Table,
    column: str | None,
    time: Moments,
    order: DateOrder | None,
    clock: tuple[str, int],
    problems: RowProblems,
) -> np.ndarray:
    """int64: when what happened at a time became known, as a column tells where there is one; else with the event."""
    if column is None:
        return time.known_at
    later = moments(rows[column], order, *clock)
    problems.mark_all(np.where(later.reasons == dates.MISSING, 0, later.reasons), dates.REASONS, column)
    return np.where(later.reasons == 0, np.maximum(later.known_at, time.happened_at), time.known_at)


def whose(rows: pa.Table, held: Held) -> tuple[pa.Array, pa.Array]:
    """The first id of each row that names somebody, and what stands there instead where none does."""
    found = nobody = pa.nulls(rows.num_rows, pa.string())
    for number, column in enumerate(held.customers):
        ids = canonical_ids(rows[column])
        if held.nobody:
            is_nobody = pc.is_in(pc.utf8_lower(ids), pa.array([text.lower() for text in held.nobody]))
            nobody = pc.coalesce(nobody, pc.if_else(is_nobody, ids, pa.scalar(None, pa.string())))
            ids = pc.if_else(is_nobody, pa.scalar(None, pa.string()), ids)
        found = ids if number == 0 else pc.coalesce(found, ids)
    return found, pc.if_else(found.is_null(), nobody, pa.scalar(None, pa.string()))
