"""What a load keeps of its orders, and what it lets end."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from exports import Counted, corrected, counted, exported, taken_in, written
from foretell.customer_log.load_files import LoadFiles
from foretell.customer_log.schema import NEVER

ALL = exported(orders=60, customers=12)
DEALT = [part for row in ALL for part in (row, row._replace(amount=row.amount + 5))]


def test_what_is_known_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    first = taken_in(written(ALL, path), tmp_path / "out").store.rows("orders")
    log = taken_in(written(corrected(ALL, 7), path), tmp_path / "out")
    assert log.store.rows("orders") == first + 1
    assert log.store.rows("ledger") == len(ALL)


def test_an_old_version_ends_when_the_new_one_becomes_known(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    taken_in(written(ALL, path), tmp_path / "out")
    log = taken_in(written(corrected(ALL, 7), path), tmp_path / "out")
    rows = [row for n in range(2) for file in log.store.files("orders", n) for row in pq.read_table(file).to_pylist()]
    [old] = [row for row in rows if (row.get("gone_at") or NEVER) != NEVER]
    [new] = [row for row in rows if row["order_key"] == old["order_key"] and row is not old]
    assert new["happened_at"] + new["known_after"] == old["gone_at"]
    assert new["amount"] - old["amount"] == 11_100


def test_a_part_of_divided_orders_is_replaced_alone(tmp_path: Path) -> None:
    folder, out = tmp_path / "exports", tmp_path / "out"
    for place in range(2):
        written(DEALT[place::2], folder / f"{place}.csv")
    assert counted(taken_in(folder, out)).cents == sum(row.amount for row in DEALT)
    newer = corrected(DEALT[1::2], 4, 9)
    written(newer, folder / "1.csv")
    found = counted(taken_in(folder, out))
    assert found.cents == sum(row.amount for row in [*DEALT[::2], *newer])
    assert found.orders == len(ALL)


def test_lines_that_a_grown_file_brings_to_a_known_order_are_added(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    taken_in(written(DEALT[:61], path), tmp_path / "out")
    log = taken_in(written(DEALT, path), tmp_path / "out")
    assert counted(log).cents == sum(row.amount for row in DEALT)
    assert counted(taken_in(written(DEALT[::-1], path), tmp_path / "out")).cents == sum(row.amount for row in DEALT)


def test_a_load_that_fails_leaves_the_log_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, out = tmp_path / "orders.csv", tmp_path / "out"
    before = taken_in(written(ALL, path), out).store.manifest
    files, loads = before.files(), before.loads()
    written(corrected(ALL, 7, 30), path)

    def full(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(LoadFiles, "replace", full)
        with pytest.raises(MemoryError):
            taken_in(path, out)
    assert (before.files(), before.loads()) == (files, loads)
    assert counted(taken_in(path, out)) == Counted.of(corrected(ALL, 7, 30))
