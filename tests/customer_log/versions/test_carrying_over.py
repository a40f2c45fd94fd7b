"""Where files are read in another way, orders of times that they cover no longer stay as they were read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from exports import COLUMNS, Counted, Row, corrected, counted, exported
from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.ingest import Ingested, ingest
from foretell.customer_log.roles.named_columns import columns_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.progress import Silent
from foretell.timelines.bucket import buckets_of

ALL = exported(orders=80, customers=20)
BEGIN = next(n for n, row in enumerate(ALL) if row.order_date > ALL[30].order_date)


def taken_in(path: Path, rows: list[Row], **more: str) -> Ingested:
    """The log after rows were exported over a file and read, with more columns."""
    head = ",".join((*Row._fields[:3], "amount", "land"))
    told = [f"{row.order_id},{row.customer_id},{row.order_date},{row.amount / 100},Peru" for row in rows]
    path.write_text("\n".join([head, *told, ""]))
    columns = {**COLUMNS, **more}
    request = replace(request_for_files([path], path.parent / "out", columns=columns), identity="shop", buckets=2)
    return ingest(source_files([path]), columns_of(columns), request, Silent())


def countries(log: Ingested) -> list[int]:
    """How many orders are of no known country, and how many are."""
    found = [bucket.read(2**61).orders.columns["country"] for bucket in buckets_of(log.store, "net")]
    return [sum(int((one == 0).sum()) for one in found), sum(int((one != 0).sum()) for one in found)]


def test_a_rolled_window_keeps_its_past_when_a_column_is_added(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    taken_in(path, ALL)
    taken_in(path, ALL[BEGIN:])
    log = taken_in(path, ALL[BEGIN:], country="land")
    assert counted(log) == Counted.of(ALL)
    assert countries(log) == [BEGIN, len(ALL) - BEGIN]
    assert any(f"{BEGIN} orders of times" in note for note in log.notes)
    assert len({load.reading for load in log.store.manifest.loads()}) == 1
    again = taken_in(path, corrected(ALL[BEGIN:], 3), country="land")
    assert counted(again) == Counted.of(ALL[:BEGIN], corrected(ALL[BEGIN:], 3))
    back = taken_in(path, corrected(ALL[BEGIN:], 3))
    assert counted(back) == Counted.of(ALL[:BEGIN], corrected(ALL[BEGIN:], 3))


def test_what_the_file_still_covers_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    taken_in(path, ALL)
    log = taken_in(path, [*ALL[:20], *ALL[22:]], country="land")
    assert counted(log) == Counted.of([*ALL[:20], *ALL[22:]])
    assert countries(log) == [0, len(ALL) - 2]
    assert [load.number for load in log.loads] == [2]


def test_what_cannot_be_kept_when_customers_are_told_otherwise_is_said(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    taken_in(path, ALL)
    taken_in(path, ALL[BEGIN:])
    log = taken_in(path, ALL[BEGIN:], customer="land")
    assert (counted(log).orders, counted(log).customers) == (len(ALL) - BEGIN, 1)
    assert any(f"{BEGIN} orders that the exports hold no longer went" in note for note in log.notes)
