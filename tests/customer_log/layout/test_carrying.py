"""What rows take from those above is the same however the rows are cut into blocks."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.layout.carrying import Carrying
from foretell.customer_log.layout.row_layout import RowLayout

ROWS = st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=30)


def carried(rows: list[tuple[int, bool]], layout: RowLayout, cuts: list[int]) -> list[tuple[str, bool]]:
    carrying, found, begin = Carrying(layout), [], 0
    for end in [*sorted(cuts), len(rows)]:
        part = rows[begin:end]
        table = pa.table(
            {
                "no": pa.array([str(number) for number, _ in part], pa.string()),
                "who": pa.array([f"w{begin + at}" if first else "" for at, (_, first) in enumerate(part)], pa.string()),
            }
        )
        whole, continued = carrying.from_first_lines(table, np.array([not first for _, first in part], bool))
        found += list(zip(whole["who"].to_pylist(), continued.tolist(), strict=True))
        begin = end
    return found


def expected(rows: list[tuple[int, bool]], by_number: bool) -> list[tuple[str, bool]]:
    known: dict[int, str] = {}
    found = []
    for at, (number, first) in enumerate(rows):
        key = number if by_number else 0
        if first:
            known[key] = f"w{at}"
        found.append((known.get(key, ""), not first and key in known))
    return found


@given(ROWS, st.booleans(), st.data())
def test_rows_take_what_stands_above(rows: list[tuple[int, bool]], by_number: bool, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(rows)), max_size=3))
    layout = RowLayout(("who",), ("who",), number="no" if by_number else "")
    assert carried(rows, layout, cuts) == expected(rows, by_number)
