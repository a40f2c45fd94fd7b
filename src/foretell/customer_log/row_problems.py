"""The problems of a source's rows: each row that cannot be used is kept with the first one found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from foretell.customer_log.files.source_table import Block
from foretell.customer_log.schema import REJECTED

LONGEST_VALUE = 200
NO_CUSTOMER = "no customer id"


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

    def forgive(self, rows: np.ndarray) -> None:
        """Forget the problems of these rows (bool)."""
        self.which[rows] = -1

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
                "file": pa.array([block.place(file)] * len(at), pa.string()),
                "line": pa.array(block.lines[at], pa.int64()),
                "column": pa.array([column for column, _ in known], pa.string()),
                "value": pa.array(values, pa.string()),
                "reason": pa.array([reason for _, reason in known], pa.string()),
            },
            schema=REJECTED,
        )
