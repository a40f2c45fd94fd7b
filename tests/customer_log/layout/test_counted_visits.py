"""Without money each row is one visit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from foretell.customer_log.files.formats import plain_table
from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.layout.counted_visits import VISITS, CountedVisits


def test_each_row_is_a_visit(write: Callable[..., Path]) -> None:
    visits = CountedVisits(plain_table(source_files([write("who,day\na,1\nb,2\n")])[0]))
    assert visits.column_names == ["who", "day", VISITS]
    (block,) = visits.batches([VISITS, "who"])
    assert block.rows.to_pylist() == [{VISITS: "1", "who": "a"}, {VISITS: "1", "who": "b"}]
    (block,) = visits.batches([VISITS])
    assert block.rows.to_pylist() == [{VISITS: "1"}] * 2
