"""What two files of one time tell, without order numbers and under the numbers of others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from exports import COLUMNS, Counted, Row, brought, counted, exported, taken_in, written
from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.ingest import Ingested, ingest
from foretell.customer_log.roles.named_columns import columns_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.errors import InputError
from foretell.project.intervals import parse_day
from foretell.project.progress import Silent

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


def test_an_order_that_is_cancelled_later_was_a_sale_until_then(tmp_path: Path) -> None:
    """A state without a date is of the day of the export, as money is that was given back without one."""
    columns = {**COLUMNS, "state": "status", "refunded": "back"}

    def told(rows: list[Row], cancelled: set[int], back: set[int]) -> Ingested:
        lines = [f"{','.join((*Row._fields[:3], 'amount'))},status,back"]
        for n, row in enumerate(rows):
            state, money = "cancelled" if n in cancelled else "paid", "5.00" if n in back else ""
            lines.append(f"{row.order_id},{row.customer_id},{row.order_date},{row.amount / 100},{state},{money}")
        path = tmp_path / "orders.csv"
        path.write_text("\n".join([*lines, ""]))
        request = replace(request_for_files([path], tmp_path / "out", columns=columns), identity="shop", buckets=2)
        return ingest(source_files([path]), columns_of(columns), request, Silent())

    told(ALL[:60], set(), set())
    log = told(ALL[:62], {3, 20}, {7})
    assert brought(log) == {"new": 2, "changed": 3, "seen_before": 57, "gone": 0}
    left = [row for n, row in enumerate(ALL[:62]) if n not in (3, 20)]
    assert counted(log) == Counted(60, sum(row.amount for row in left) - 500, Counted.of(left).customers)
    then = parse_day(f"{ALL[50].order_date}", "UTC")
    assert counted(log, then) == Counted.of([row for row in ALL if row.order_date < ALL[50].order_date])
    again = told(ALL[:70], {3, 20}, {7})
    assert brought(again)["changed"] == 0
    assert counted(told(ALL[:71], {3}, {7})).orders == 70
