"""Rows of forgotten customers: gone before anything else is read of them, and counted."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from foretell.customer_log.erasure.forgotten import Forgotten
from foretell.customer_log.erasure.left_out_at_reading import counted_rows, people_in, without_forgotten
from foretell.customer_log.files.source_table import Block, rejected_rows

BLOCK = Block(
    pa.table({"who": ["1", "2.0", None, "3"], "mail": [None, None, "Z@x.de", None], "paid": ["1", "x", "3", "4"]}),
    np.array([2, 3, 4, 7]),
    rejected_rows("a.csv", [5, 6], ["2;too;many;cells", "22;too;many;cells"], ["long", "long"]),
    np.array([False, False, True, False]),
)


def test_rows_of_any_column_of_customers_go_with_their_refusals() -> None:
    people = Forgotten.looked_for(["2", "z@x.de"])
    ((block, gone),) = without_forgotten([BLOCK], ["who", "mail"], people)
    assert block.rows["who"].to_pylist() == ["1", "3"]
    assert block.lines.tolist() == [2, 7]
    assert block.rejected["line"].to_pylist() == [6]
    assert block.continued is not None
    assert len(block.continued) == 2
    assert gone.select(["kind", "reason", "rows"]).to_pylist() == [
        {"kind": "forgotten", "reason": "1", "rows": 2},
        {"kind": "forgotten", "reason": "", "rows": 1},
    ]
    assert people_in(BLOCK, ["who"], people).tolist() == [0, 1, 0, 0]


def test_where_nobody_was_forgotten_blocks_stay_as_they_are() -> None:
    ((block, gone),) = without_forgotten([BLOCK], ["who"], Forgotten())
    assert block is BLOCK
    assert len(gone) == len(counted_rows([])) == 0
