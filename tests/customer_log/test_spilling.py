from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given

from foretell.customer_log.keyed_lines import keyed
from foretell.customer_log.spilling import spill
from made_lines import LINES, table


@pytest.mark.parametrize("buckets", [1, 4])
@given(LINES)
def test_what_was_laid_aside_comes_back_by_bucket(buckets: int, rows: list[dict[str, object]]) -> None:
    lines = keyed(table(rows), "UTC").lines
    with tempfile.TemporaryDirectory() as folder:
        spilled = spill(lines, buckets, Path(folder) / "lines.arrow")
        found = [spilled.bucket(number) for number in range(buckets)]
    assert [len(part) for part in found] == spilled.rows.tolist()
    for number, part in enumerate(found):
        assert part.schema == lines.schema
        assert part.to_pylist() == [line for line in lines.to_pylist() if line["customer_key"] % buckets == number]
