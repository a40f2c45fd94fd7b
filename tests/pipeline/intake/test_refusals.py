"""What stands in the way is named as what it is: refunds alone, days that have not come, dates that stand for none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from foretell.answers.remarks import remarks
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import published_run
from foretell.project.errors import ShortHistory
from foretell.project.intervals import from_microseconds, midnight
from foretell.project.progress import Silent
from foretell.project.request import Request

TODAY = date(2026, 3, 29)


def request_for(rows: list[str], folder: Path, **options: object) -> Request:
    path = folder / "orders.csv"
    path.write_text("\n".join(["customer_id,date,amount,kind", *rows]) + "\n")
    columns = {"customer": "customer_id", "time": "date", "amount": "amount"}
    return request_for_files([path], folder / "out", **{"columns": columns} | options)


def refusal(rows: list[str], folder: Path, **options: object) -> ShortHistory:
    with pytest.raises(ShortHistory) as caught:
        published_run(request_for(rows, folder, **options), Silent())
    return caught.value


def test_refunds_alone_are_called_that(tmp_path: Path) -> None:
    error = refusal([f"C{n % 3},2024-01-{n + 1:02d},-5.5,x" for n in range(20)], tmp_path)
    assert (error.what, error.found) == (
        "Only refunds were found before 2024-01-21.",
        "20 refunds of 3 customers, no order",
    )
    assert "sign of the amounts" in (error.hint or "")
    assert "--as-of" not in (error.hint or "")


def test_a_flag_that_makes_refunds_of_everything_is_named(tmp_path: Path) -> None:
    columns = {"customer": "customer_id", "time": "date", "amount": "amount", "refund": "kind"}
    error = refusal(["A,2024-01-01,5.5,return", "B,2024-01-02,5.5,return"], tmp_path, columns=columns)
    assert (error.found, "marks refunds" in (error.hint or "")) == ("2 refunds of 2 customers, no order", True)


def test_a_date_before_all_orders_may_be_given_later(tmp_path: Path) -> None:
    error = refusal(["A,2024-01-01,5.5,x", "B,2024-01-02,-5.5,x"], tmp_path, as_of="2023-12-31")
    assert (error.found, "--as-of" in (error.hint or "")) == ("0 customers with an order before 2023-12-31", True)


def test_rows_that_are_all_refused_say_why(tmp_path: Path) -> None:
    error = refusal(["A,1900-01-01,5.5,x", "B,2999-12-31,5.5,x", "C,soon,5.5,x"], tmp_path)
    reasons, _, rows = (error.found or "").partition("; ")
    assert reasons == "3 rows, all of them refused: placeholder date 2 and not a date 1"
    assert rows == "line 2: '1900-01-01' in date, line 3: '2999-12-31' in date, line 4: 'soon' in date"


@pytest.mark.parametrize("timezone", ["UTC", "Pacific/Auckland", "America/Los_Angeles", "Europe/London"])
@pytest.mark.parametrize("hours", [1, 12, 22])
def test_the_forecast_begins_by_the_end_of_today(timezone: str, hours: int, tmp_path: Path) -> None:
    now = midnight(TODAY, timezone) + hours * 3_600 * 10**6
    rows = [f"C{n},{TODAY + timedelta(days=n - 5)},5.5,x" for n in range(10)]
    found = published_run(replace(request_for(rows, tmp_path, timezone=timezone), now=now), Silent()).main
    assert from_microseconds(now, timezone).date() == TODAY
    assert found.plan.as_of == midnight(TODAY + timedelta(days=1), timezone)
    assert found.intake.rejected["reason"].to_pylist() == ["in the future"] * 4
    assert sorted(found.scores["customer_id"].to_pylist()) == [f"C{n}" for n in range(6)]
    assert f"4 rows of them lie after today in {timezone}" in " ".join(remark.text for remark in remarks(found))
