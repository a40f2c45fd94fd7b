"""What every fact has: whose it is, when it happened, and when it became known; and the rows that do not have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells import dates
from foretell.customer_log.cells.dates import moments
from foretell.customer_log.cells.identifiers import canonical_ids
from foretell.customer_log.files.source_table import Block
from foretell.customer_log.schema import REJECTED
from foretell.project.request import DateOrder

LONGEST_VALUE = 200


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


class RowProblems:
    """The first problem of each row: marks set later do not replace those set before."""

    def __init__(self, count: int) -> None:
        self.which = np.full(count, -1, np.int64)
        self.known: list[tuple[str, str]] = []

    @property
    def good(self) -> np.ndarray:
        """bool [rows]: without a problem."""
        return np.asarray(self.which < 0)

    def mark(self, rows: np.ndarray, column: str, reason: str) -> None:
        """Mark the rows (bool) that have none yet."""
        fresh = rows & self.good
        if fresh.any():
            self.known.append((column, reason))
            self.which[fresh] = len(self.known) - 1

    def mark_all(self, codes: np.ndarray, reasons: Sequence[str], column: str) -> None:
        """Mark each row whose code is above zero with the reason at that position."""
        for code in np.unique(codes[codes > 0]):
            self.mark(codes == code, column, reasons[code])

    def rejected(self, block: Block, file: str) -> pa.Table:
        """The rows with a problem, as `REJECTED`."""
        at = np.flatnonzero(self.which >= 0)
        known = [self.known[i] for i in self.which[at]]
        values: list[str | None] = [None] * len(at)
        for column in {column for column, _ in known}:
            mine = [i for i, (name, _) in enumerate(known) if name == column]
            texts = block.rows[column].take(pa.array(at[mine])).cast(pa.string()).to_pylist()
            for i, text in zip(mine, texts, strict=True):
                values[i] = None if text is None else text[:LONGEST_VALUE]
        return pa.table(
            {
                "file": pa.array([file] * len(at), pa.string()),
                "line": pa.array(block.lines[at], pa.int64()),
                "column": pa.array([column for column, _ in known], pa.string()),
                "value": pa.array(values, pa.string()),
                "reason": pa.array([reason for _, reason in known], pa.string()),
            },
            schema=REJECTED,
        )
