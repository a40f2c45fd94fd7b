"""A shop exports again, and what counts is what the shop knows: each order once, in its newest version."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from exports import Counted, Row, brought, corrected, counted, exported, taken_in, written
from foretell.customer_log.files.source_files import source_files
from foretell.project.errors import InputError
from foretell.project.intervals import parse_day

ALL = exported()
DAY_1, LATER = ALL[:140], ALL[140:]
DAY_3 = corrected(ALL, 150, 170, 190)
"""Three amounts corrected, all of orders that came with the second export."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders.csv"


def said(new: int, changed: int, seen_before: int, gone: int = 0) -> dict[str, int]:
    return {"new": new, "changed": changed, "seen_before": seen_before, "gone": gone}


def test_night_after_night_over_the_same_file(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    nights = (
        (DAY_1, Counted.of(DAY_1), said(140, 0, 0)),
        (ALL, Counted.of(ALL), said(70, 0, 0)),
        (DAY_3, Counted.of(DAY_3), said(0, 3, 207)),
        (DAY_3[70:], Counted.of(DAY_3), said(0, 0, 140)),
        (sorted(DAY_3, key=lambda row: row.customer_id), Counted.of(DAY_3), said(0, 0, 210)),
        ([*DAY_3[:5], *DAY_3[6:30], *DAY_3[31:]], Counted.of(DAY_3), said(0, 0, 208, 2)),
    )
    for rows, expected, told in nights:
        log = taken_in(written(rows, file), out)
        assert (counted(log), brought(log)) == (expected, told)
    assert any("2 orders that the exports hold no longer" in note and "withdraw" in note for note in log.notes)


def test_an_old_cutoff_still_sees_what_was_known_then(file: Path, tmp_path: Path) -> None:
    taken_in(written(ALL, file), tmp_path / "out")
    log = taken_in(written(DAY_3, file), tmp_path / "out")
    day = ALL[200].order_date
    then = Counted.of([row for row in ALL if row.order_date < day])
    assert counted(log, parse_day(f"{day}", "UTC")) == then
    assert counted(log, parse_day(f"{ALL[-1].order_date + timedelta(days=1)}", "UTC")) == Counted.of(DAY_3)


def test_a_rolling_window_withdraws_nothing_and_is_told(file: Path, tmp_path: Path) -> None:
    taken_in(written(ALL, file), tmp_path / "out", withdraw=True)
    log = taken_in(written(ALL[70:], file), tmp_path / "out", withdraw=True)
    assert counted(log) == Counted.of(ALL)
    assert any("cover no longer" in note and "70 orders" in note for note in log.notes)


def test_withdrawn_orders_go_and_may_come_back(file: Path, tmp_path: Path) -> None:
    out, fewer = tmp_path / "out", [*ALL[:5], *ALL[6:30], *ALL[31:]]
    taken_in(written(ALL, file), out)
    kept = taken_in(written(fewer, file), out)
    assert counted(kept) == Counted.of(ALL)
    gone = taken_in(file, out, withdraw=True)
    assert counted(gone) == Counted.of(fewer)
    assert "2 orders that the exports hold no longer are withdrawn" in gone.notes
    then = Counted.of([row for row in ALL if row.order_date < date(2024, 6, 1)])
    assert counted(gone, parse_day("2024-06-01", "UTC")) == then
    back = taken_in(written(ALL, file), out, withdraw=True)
    assert counted(back) == Counted.of(ALL)
    assert brought(back) == said(0, 2, 208)


def test_a_correction_that_is_taken_back_counts_again(file: Path, tmp_path: Path) -> None:
    for rows in (ALL, DAY_3, ALL, DAY_3):
        assert counted(taken_in(written(rows, file), tmp_path / "out")) == Counted.of(rows)


def test_a_folder_with_one_more_file(tmp_path: Path) -> None:
    folder, out = tmp_path / "exports", tmp_path / "out"
    written(DAY_1, folder / "day1.csv")
    assert counted(taken_in(folder, out)) == Counted.of(DAY_1)
    written(ALL, folder / "day2.csv")
    log = taken_in(folder, out)
    assert (counted(log), brought(log)) == (Counted.of(ALL), said(70, 0, 140))
    assert any("140 orders of day2.csv" in note and "counts once" in note for note in log.notes)


def test_two_exports_side_by_side(tmp_path: Path) -> None:
    written(ALL, tmp_path / "exports" / "day2.csv")
    written(DAY_3, tmp_path / "exports" / "day3.csv")
    log = taken_in(tmp_path / "exports", tmp_path / "out")
    assert counted(log) == Counted.of(DAY_3)
    assert any("3 orders of day3.csv" in note and "another version" in note for note in log.notes)


def test_the_newer_file_counts_whatever_it_is_called(tmp_path: Path) -> None:
    newer = [*corrected(ALL, 3, 7), Row("O90000", "C001", ALL[-1].order_date.replace(month=9), 700)]
    written(newer, tmp_path / "exports" / "a.csv")
    written(ALL, tmp_path / "exports" / "b.csv")
    assert counted(taken_in(tmp_path / "exports", tmp_path / "out")) == Counted.of(newer)


def test_another_shop_with_the_same_numbers_has_orders_of_its_own(tmp_path: Path) -> None:
    others = [row._replace(customer_id=f"X{row.customer_id}") for row in ALL]
    written(ALL, tmp_path / "exports" / "day2.csv")
    written(others, tmp_path / "exports" / "other_shop.csv")
    log = taken_in(tmp_path / "exports", tmp_path / "out")
    assert counted(log) == Counted.of(ALL, others)
    assert any("210 order numbers of other_shop.csv" in note for note in log.notes)


def test_a_corrected_customer_makes_no_new_order(file: Path, tmp_path: Path) -> None:
    taken_in(written(ALL, file), tmp_path / "out")
    renamed = [row._replace(customer_id="C900") if n in (3, 150) else row for n, row in enumerate(ALL)]
    log = taken_in(written(renamed, file), tmp_path / "out")
    assert (counted(log), brought(log)) == (Counted.of(renamed), said(0, 2, 208))


def test_renamed_and_grown_or_edited(tmp_path: Path) -> None:
    folder, out = tmp_path / "exports", tmp_path / "out"
    for number, rows in enumerate((DAY_1, ALL, DAY_3, DAY_3[70:])):
        for old in folder.glob("*.csv"):
            old.unlink()
        written(rows, folder / f"orders-{number}.csv")
        log = taken_in(folder, out)
        assert counted(log) == Counted.of(DAY_1 if not number else ALL if number == 1 else DAY_3)
    assert brought(log) == said(0, 0, 140)


def test_two_exports_that_overlap(tmp_path: Path) -> None:
    written(ALL[:150], tmp_path / "exports" / "first.csv")
    written(ALL[100:], tmp_path / "exports" / "second.csv")
    log = taken_in(tmp_path / "exports", tmp_path / "out")
    assert (counted(log), brought(log)) == (Counted.of(ALL), said(60, 0, 50))


def test_lines_of_orders_dealt_out_over_files_are_added_up(tmp_path: Path) -> None:
    lines = [part for row in ALL for part in (row, row._replace(amount=row.amount + 5), row._replace(amount=42))]
    for place in range(3):
        written(lines[place::3], tmp_path / "exports" / f"{place}.csv")
    found = counted(taken_in(tmp_path / "exports", tmp_path / "out"))
    assert (found.orders, found.cents) == (len(ALL), sum(row.amount for row in lines))


@pytest.mark.parametrize("place", [1, 40, 139])
def test_a_file_first_cut_inside_a_quoted_cell(file: Path, tmp_path: Path, place: int) -> None:
    rows = [row._replace(note=f"first line of {row.order_id}\nsecond line") for row in ALL]
    whole = written(rows, file).read_bytes()
    file.write_bytes(whole[: whole.index(b"second line", whole.index(rows[place].order_id.encode()))])
    taken_in(file, tmp_path / "out")
    file.write_bytes(whole)
    log = taken_in(file, tmp_path / "out")
    assert counted(log) == Counted.of(rows)
    assert log.store.rejected().num_rows == 0


@pytest.mark.parametrize("by_day", [False, True])
def test_a_file_that_grows_while_it_is_read(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_day: bool
) -> None:
    """What was there when the file was looked at is read, and recorded; the rest comes with the next run."""
    written(DAY_1, file)
    looked_at = source_files([file])
    written(ALL, file)
    monkeypatch.setattr("exports.source_files", lambda _: looked_at)
    assert counted(taken_in(file, tmp_path / "out", by_day=by_day)).cents == Counted.of(DAY_1).cents
    monkeypatch.setattr("exports.source_files", source_files)
    assert counted(taken_in(file, tmp_path / "out", by_day=by_day)).cents == Counted.of(ALL).cents


def test_without_numbers_a_grown_file_is_read_on(file: Path, tmp_path: Path) -> None:
    for rows in (DAY_1, ALL):
        log = taken_in(written(rows, file), tmp_path / "out", by_day=True)
        assert counted(log).cents == Counted.of(rows).cents


def test_without_numbers_the_same_content_counts_once(tmp_path: Path) -> None:
    written(ALL, tmp_path / "exports" / "a.csv")
    written(sorted(ALL, key=lambda row: row.customer_id), tmp_path / "exports" / "b.csv")
    log = taken_in(tmp_path / "exports", tmp_path / "out", by_day=True)
    assert counted(log).cents == Counted.of(ALL).cents


def test_without_numbers_an_overlap_is_refused(tmp_path: Path) -> None:
    written(ALL[:150], tmp_path / "exports" / "a.csv")
    written(DAY_3[100:], tmp_path / "exports" / "b.csv")
    with pytest.raises(InputError, match="same time") as told:
        taken_in(tmp_path / "exports", tmp_path / "out", by_day=True)
    assert told.value.file == "b.csv"
    assert "order" in (told.value.hint or "")


def test_without_numbers_a_corrected_file_and_a_rolling_window(file: Path, tmp_path: Path) -> None:
    taken_in(written(ALL, file), tmp_path / "out", by_day=True)
    begin = next(n for n, row in enumerate(DAY_3) if row.order_date > DAY_3[70].order_date)
    log = taken_in(written(DAY_3[begin:], file), tmp_path / "out", by_day=True)
    assert counted(log).cents == Counted.of(DAY_3).cents
