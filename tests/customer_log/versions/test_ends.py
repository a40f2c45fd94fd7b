from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foretell.customer_log.schema import NEVER
from foretell.customer_log.versions.ends import ends_of

ENDS = ends_of(
    np.array([1, 2, 1], dtype=np.uint64), np.array([7, 7, 7], dtype=np.int64), np.array([False, True, False]), 50
)


def stored(path: Path, **more: list[int]) -> Path:
    columns = {"customer_key": pa.array([1, 1, 2], pa.uint64()), "order_key": pa.array([7, 8, 7], pa.int64())}
    pq.write_table(pa.table({**columns, **more}), path)
    return path


def test_an_order_ends_once_and_others_never(tmp_path: Path) -> None:
    assert len(ENDS) == 2
    path = stored(tmp_path / "a.parquet", amount=[1, 2, 3])
    for is_own, expected in ((True, [50, NEVER, 50]), (False, [50, NEVER, NEVER])):
        rows = ENDS.rows(path, is_own)
        assert rows is not None
        assert rows["gone_at"].to_pylist() == expected
        assert rows["amount"].to_pylist() == [1, 2, 3]


def test_what_ended_before_keeps_its_end(tmp_path: Path) -> None:
    rows = ENDS.rows(stored(tmp_path / "a.parquet", gone_at=[20, 30, 90]), True)
    assert rows is not None
    assert rows["gone_at"].to_pylist() == [20, 30, 50]


def test_a_file_without_them_stays_as_it_is(tmp_path: Path) -> None:
    other = ends_of(np.array([9], dtype=np.uint64), np.array([7]), np.array([False]), 50)
    assert other.rows(stored(tmp_path / "a.parquet"), True) is None
