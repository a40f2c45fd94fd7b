"""A long table is its parts one after another, in memory as in its file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.storage.long_table import LongTable

STAYS = st.lists(st.tuples(st.sampled_from(("Gone", "Warm")), st.integers(0, 9)), max_size=5)


def part(stays: list[tuple[str, int]]) -> pa.Table:
    names = sorted({segment for segment, _ in stays})
    codes = pa.array([names.index(segment) for segment, _ in stays], pa.int16())
    return pa.table(
        {
            "segment": pa.DictionaryArray.from_arrays(codes, pa.array(names, pa.string())),
            "customers": pa.array([count for _, count in stays], pa.int64()),
        }
    )


@given(st.lists(STAYS, min_size=1, max_size=4))
def test_a_written_table_is_read_as_it_was(parts: list[list[tuple[str, int]]]) -> None:
    made = LongTable(lambda: map(part, parts))
    rows = [{"segment": segment, "customers": count} for stays in parts for segment, count in stays]
    assert made.table().to_pylist() == made.table().to_pylist() == rows


def test_a_file_keeps_every_row_and_its_texts_are_plain(tmp_path: Path) -> None:
    made = LongTable(lambda: map(part, [[("Gone", 1)], [], [("Warm", 2), ("Gone", 3)]]))
    made.write(tmp_path / "stays.parquet")
    assert pq.read_schema(tmp_path / "stays.parquet").field("segment").type == pa.string()
    kept = LongTable.kept(tmp_path / "stays.parquet")
    assert kept.table().to_pylist() == made.table().to_pylist()
    assert pa.types.is_dictionary(kept.table()["segment"].type)


def test_a_part_that_fails_leaves_no_open_file_behind(tmp_path: Path) -> None:
    def parts() -> Iterator[pa.Table]:
        yield part([("Gone", 1)])
        raise RuntimeError("the second part is not there")

    with pytest.raises(RuntimeError, match="second part"):
        LongTable(parts).write(tmp_path / "stays.parquet")
    assert LongTable.kept(tmp_path / "stays.parquet").table().num_rows == 1
