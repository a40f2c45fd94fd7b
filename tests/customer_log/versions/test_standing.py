"""After all files are read it is told what they hold no longer, once."""

from __future__ import annotations

from pathlib import Path

from exports import Counted, brought, corrected, counted, exported, taken_in, written
from foretell.customer_log.manifest import Load
from foretell.customer_log.versions.standing import Covered, kept_though_missing

ALL = exported(orders=60, customers=12)
FEWER = [*ALL[:20], *ALL[22:]]


def test_a_grown_file_covers_the_time_of_all_its_parts() -> None:
    first = Load("a", "/a.csv", "read", 9, number=1, oldest_at=3, newest_at=7)
    second = Load("b", "/a.csv", "read", 20, number=4, follows=1, oldest_at=8, newest_at=9)
    assert Covered.by(second, [first, second]) == Covered(3, 9, 4, (4, 1))


def test_what_is_kept_is_gone_once_and_told_as_long_as_it_is_missing(tmp_path: Path) -> None:
    path, out = tmp_path / "orders.csv", tmp_path / "out"
    taken_in(written(ALL, path), out)
    for rows, gone, missing in ((FEWER, 2, 2), (corrected(FEWER, 0), 0, 2), (ALL, 0, 0)):
        log = taken_in(written(rows, path), out)
        assert brought(log)["gone"] == gone
        assert kept_though_missing(log.store.manifest.settings()) == (missing, 0)
    assert counted(log) == Counted.of(ALL)


def test_a_second_look_changes_nothing(tmp_path: Path) -> None:
    path, out = tmp_path / "orders.csv", tmp_path / "out"
    taken_in(written(ALL, path), out)
    first = taken_in(written(FEWER, path), out, withdraw=True)
    files = first.store.manifest.files()
    again = taken_in(path, out, withdraw=True)
    assert again.store.manifest.files() == files
    assert (again.notes, again.loads) == (first.notes, first.loads)


def test_a_file_that_another_one_replaced_stands_no_more(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    taken_in(written(ALL, path), tmp_path / "out")
    log = taken_in(written(corrected(ALL, 5), path), tmp_path / "out")
    assert [load.number for load in log.loads] == [2]
    assert len(log.store.manifest.loads()) == 2


def test_an_older_file_does_not_say_what_is_missing_in_a_newer_one(tmp_path: Path) -> None:
    written(FEWER, tmp_path / "exports" / "a.csv")
    taken_in(tmp_path / "exports", tmp_path / "out")
    (written(ALL, tmp_path / "exports" / "b.csv"))
    log = taken_in(tmp_path / "exports", tmp_path / "out", withdraw=True)
    assert counted(log) == Counted.of(ALL)
    (tmp_path / "exports" / "b.csv").unlink()
    assert counted(taken_in(tmp_path / "exports", tmp_path / "out", withdraw=True)) == Counted.of(ALL)


def test_a_purchase_without_a_number_goes_where_the_file_no_longer_has_it(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    taken_in(written(ALL, path), tmp_path / "out", by_day=True)
    assert counted(taken_in(written(FEWER, path), tmp_path / "out", by_day=True)).cents == Counted.of(FEWER).cents
