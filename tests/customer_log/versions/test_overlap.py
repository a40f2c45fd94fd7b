"""What two files of one time tell, without order numbers and under the numbers of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from exports import Counted, Row, brought, counted, exported, taken_in, written
from foretell.project.errors import InputError

ALL = exported(orders=80, customers=20)


def by_day(tmp_path: Path, *files: list[Row]) -> int:
    """The cents that are counted of some files without order numbers."""
    for number, rows in enumerate(files):
        written(rows, tmp_path / "exports" / f"{number}.csv")
    return counted(taken_in(tmp_path / "exports", tmp_path / "out", by_day=True)).cents


def test_an_overlap_that_is_equal_in_both_counts_once(tmp_path: Path) -> None:
    days = sorted({row.order_date for row in ALL})
    first = [row for row in ALL if row.order_date < days[50]]
    second = [row for row in ALL if row.order_date >= days[30]]
    assert by_day(tmp_path, first, second) == Counted.of(ALL).cents


def test_files_of_one_time_that_share_nothing_are_added_up(tmp_path: Path) -> None:
    assert by_day(tmp_path, ALL[::2], [row._replace(customer_id="Z1") for row in ALL[1::2]]) == Counted.of(ALL).cents


@pytest.mark.parametrize("left_out", [5, 40])
def test_a_purchase_that_only_one_of_them_has_is_in_doubt(tmp_path: Path, left_out: int) -> None:
    with pytest.raises(InputError, match="same time") as told:
        by_day(tmp_path, ALL, [*ALL[:left_out], *ALL[left_out + 1 :]])
    assert "1 that differ" in (told.value.found or "")
    assert not list((tmp_path / "out" / ".foretell").glob("loads/*/spilled*"))


def test_an_order_that_changes_hands_and_content_is_another(tmp_path: Path) -> None:
    path = written(ALL, tmp_path / "orders.csv")
    taken_in(path, tmp_path / "out")
    other = [row._replace(customer_id="C900", amount=1) if n == 3 else row for n, row in enumerate(ALL)]
    log = taken_in(written(other, path), tmp_path / "out")
    assert brought(log) == {"new": 1, "changed": 0, "seen_before": 79, "gone": 1}
    assert any("1 order number of orders.csv" in note for note in log.notes)


def test_every_order_may_change_hands_at_once(tmp_path: Path) -> None:
    path = written(ALL, tmp_path / "orders.csv")
    taken_in(path, tmp_path / "out", buckets=8)
    renamed = [row._replace(customer_id=f"{row.customer_id}@new") for row in ALL]
    log = taken_in(written(renamed, path), tmp_path / "out")
    assert (counted(log), brought(log)["changed"]) == (Counted.of(renamed), len(ALL))
