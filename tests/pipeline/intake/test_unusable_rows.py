"""A run stops where most rows cannot be used, and where dates change their order: before anything is learned."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import published_run
from foretell.project.errors import InputError, ShortHistory
from foretell.project.progress import Silent

ROLES = {"customer": "mail", "time": "day", "amount": "paid"}


def refusal(rows: list[str], folder: Path, **options: object) -> InputError:
    path = folder / "orders.csv"
    path.write_text("\n".join(["mail,tel,day,sent,paid,due,note", *rows]) + "\n")
    with pytest.raises(InputError) as caught:
        published_run(request_for_files([path], folder / "out", **{"columns": ROLES} | options), Silent())
    assert not (folder / "out" / "scores.parquet").exists()
    return caught.value


def row(number: int, **cells: str) -> str:
    day = date(2025, 1, 1) + timedelta(days=number * 3)
    usual = {
        "mail": f"c{number % 5}@example.com", "tel": f"+4930555{number % 5:03d}", "day": day.isoformat(),
        "sent": day.isoformat(), "paid": f"{number}.50", "due": f"{number}.75", "note": f"note {number}",
    }  # fmt: skip
    return ",".join((usual | cells).values())


def test_most_rows_without_a_customer_stop_the_run_and_name_the_column_that_is_filled(tmp_path: Path) -> None:
    error = refusal([row(n, **({"mail": ""} if n % 3 else {})) for n in range(30)], tmp_path)
    assert error.what.startswith("Most rows cannot be used: 20 of 30 are refused")
    assert error.found == (
        "20 rows refused: no customer id; line 3: nothing in mail, line 4: nothing in mail, line 6: nothing in mail"
    )
    assert "tel in 100%" in (error.hint or "")
    assert "--columns customer=tel,time=day,amount=paid" in (error.hint or "")


@pytest.mark.parametrize(
    ("cells", "stood", "hint"),
    [
        ({"day": "soon"}, "'soon' in day", "time=sent"),
        ({"paid": "free"}, "'free' in paid", "amount=due"),
        ({"day": "x" * 100}, f"'{'x' * 40}…' in day", "time=sent"),
    ],
)
def test_a_refusal_shows_what_stood_there(cells: dict[str, str], stood: str, hint: str, tmp_path: Path) -> None:
    error = refusal([row(n, **(cells if n else {})) for n in range(9)], tmp_path)
    assert stood in (error.found or "")
    assert hint in (error.hint or "")


def test_without_a_column_that_helps_none_is_named(tmp_path: Path) -> None:
    error = refusal([row(n, mail="", tel="", note="") for n in range(9)], tmp_path)
    assert isinstance(error, ShortHistory)
    assert error.what == "No row could be used."
    assert error.hint == "check which column is what: --columns customer=...,time=...,amount=..."


def test_each_reason_is_shown(tmp_path: Path) -> None:
    rows = [row(0), *(row(n, mail="") for n in range(1, 9)), row(9, paid="lots"), row(10, day="never")]
    found = refusal(rows, tmp_path).found or ""
    assert all(stood in found for stood in ("line 3: nothing in mail", "line 11: 'lots' in paid", "'never' in day"))


def test_dates_that_turn_late_in_a_file_are_refused_though_most_rows_could_be_read(tmp_path: Path) -> None:
    days = [date(2025, 1, 1) + timedelta(days=n % 360) for n in range(20_000)]
    form = ["%d/%m/%Y" if n < 17_500 else "%m/%d/%Y" for n in range(20_000)]
    note = "x" * 1_000
    rows = [row(n, day=f"{day:{how}}", note=note) for n, (day, how) in enumerate(zip(days, form, strict=True))]
    error = refusal(rows, tmp_path)
    assert error.what == "The dates are written in more than one order."
    assert (error.file, error.column) == ("orders.csv", "day")
    assert (error.line or 0) > 17_500
    assert "1,499 more of 20,000 rows" in (error.found or "")


def test_an_order_of_dates_that_was_given_still_refuses_row_by_row_until_most_are(tmp_path: Path) -> None:
    rows = [row(n, day=f"{n % 12 + 1:02d}/{n % 9 + 20:02d}/2025") for n in range(20)] + [row(99, day="25/03/2025")]
    error = refusal(rows, tmp_path, date_order="dmy")
    assert error.what.startswith("Most rows cannot be used: 20 of 21")
