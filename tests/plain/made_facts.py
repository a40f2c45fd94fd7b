"""Facts of a few customers, made by Hypothesis, with plain lists beside them to count by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from foretell.timelines.derived import line_columns
from foretell.timelines.facts import Facts

DAY = 86_400_000_000
MOMENTS = st.integers(-3 * DAY, 40 * DAY) | st.sampled_from([0, DAY, 7 * DAY, 30 * DAY - 1, 30 * DAY, 30 * DAY + 1])


@dataclass(frozen=True)
class Row:
    """One fact as plain numbers."""

    happened_at: int
    value: int
    product: int


ROWS = st.builds(Row, MOMENTS, st.integers(-5, 10**15) | st.integers(-2, 4), st.sampled_from([0, 0, 3, -7, 2**62]))
CUSTOMERS = st.lists(st.lists(ROWS, max_size=9).map(lambda rows: sorted(rows, key=lambda r: r.happened_at)), max_size=6)


def facts_of(customers: list[list[Row]]) -> Facts:
    """The rows as `Facts`, everything known when it happens."""
    rows = [row for own in customers for row in own]
    happened = np.array([row.happened_at for row in rows], dtype=np.int64)
    return Facts(
        np.cumsum([0, *map(len, customers)]),
        {
            "happened_at": happened,
            "known_at": happened,
            "value": np.array([row.value for row in rows], dtype=np.int64),
            "product": np.array([row.product for row in rows], dtype=np.int64),
            "category": np.zeros(len(rows), dtype=np.int64),
        },
        line_columns(),
    )
