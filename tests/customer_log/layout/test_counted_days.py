"""Counted days become dates; what is no day stays as it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from foretell.customer_log.files.formats import plain_table
from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.layout.counted_days import CountedDays


def test_day_one_is_the_first_day(write: Callable[..., Path]) -> None:
    table = plain_table(source_files([write("who,day\na,1\nb,0\nc,32.0\nd,1.5\ne,late\nf,\n")])[0])
    counted = CountedDays(table, "day", "2025-01-01")
    (block,) = counted.batches(["day"])
    assert block.rows["day"].to_pylist() == ["2025-01-01", "2024-12-31", "2025-02-01", "1.5", "late", ""]
    (block,) = counted.batches(["who"])
    assert block.rows.column_names == ["who"]
