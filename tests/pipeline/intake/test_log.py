"""The log is brought up to date with the files, once, and stands there for those who only read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.answers.remarks import remarks
from foretell.customer_log.roles.named_columns import columns_of
from foretell.examples.plan import surveyed
from foretell.pipeline.intake.log import brought_up_to_date, identity_of, kept_engine, somebody, source_of
from foretell.pipeline.intake.requests import request_for_files, request_of_declaration
from foretell.pipeline.run import published_run
from foretell.project.errors import InputError, ShortHistory
from foretell.project.intervals import days, from_microseconds, midnight, parse_day
from foretell.project.progress import Silent
from foretell.project.request import Request
from planned_logs import log_of
from shops.private_shop import files_that_name, people, read_in

COLUMNS = {"customer": "who", "time": "when", "amount": "paid"}
ROWS = {"who": ["1", "2", "1", None], "when": ["2024-01-05", "2024-01-06", "2024-01-09", "2024-01-09"]}
TABLE = pa.table({**ROWS, "paid": [5.0, 7.0, 9.0, 1.0]})


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    pq.write_table(TABLE, tmp_path / "orders.parquet")
    return tmp_path / "orders.parquet"


def test_rows_are_read_once_and_those_that_name_nobody_are_told(orders: Path, tmp_path: Path) -> None:
    for _ in range(2):
        log = log_of(orders, tmp_path / "out", columns=COLUMNS)
        (load,) = log.intake.loads
        assert (load.rows_read, load.lines, load.rejected) == (4, 3, 0)
        assert log.intake.left_out.select(["kind", "rows", "amount"]).to_pylist() == [
            {"kind": "anonymous", "rows": 1, "amount": 10_000}
        ]
        assert log.intake.columns == COLUMNS
    survey = surveyed(log.engine, parse_day("2024-02-01", "UTC"), "UTC", Silent())
    assert (survey.customers, int(survey.orders.counts.sum())) == (2, 3)
    assert log.last_day.date().isoformat() == "2024-01-09"


@pytest.mark.parametrize(
    ("ids", "is_text"),
    [(pa.array(["1", "2", "1", "3"]), True), (pa.array([1, 2, 1, 3]), False)],
    ids=["text", "integers"],
)
def test_a_format_with_types_says_whether_ids_are_text(ids: pa.Array, is_text: bool, tmp_path: Path) -> None:
    pq.write_table(TABLE.set_column(0, "who", ids), tmp_path / "orders.parquet")
    assert log_of(tmp_path / "orders.parquet", tmp_path / "out", columns=COLUMNS).intake.ids_are_text == is_text


def test_a_delimited_file_says_nothing_of_its_ids(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("who,when,paid\nA,2024-01-05,5\nB,2024-01-06,7\n")
    assert not log_of(tmp_path / "orders.csv", tmp_path / "out", columns=COLUMNS).intake.ids_are_text


def test_what_is_kept_is_read_without_the_files(orders: Path, tmp_path: Path) -> None:
    log = log_of(orders, tmp_path / "out", columns=COLUMNS)
    orders.unlink()
    moment = log.last_day.as_of("UTC") + days(1)
    again = surveyed(kept_engine(log.request), moment, "UTC", Silent())
    assert again.customers == surveyed(log.engine, moment, "UTC", Silent()).customers == 2


def test_before_the_first_order_there_is_nobody_to_score(orders: Path, tmp_path: Path) -> None:
    log = log_of(orders, tmp_path / "out", columns=COLUMNS)
    moment = parse_day("2024-01-05", "UTC")
    with pytest.raises(ShortHistory, match="2024-01-05"):
        somebody(log, surveyed(log.engine, moment, "UTC", Silent()), moment)
    later = moment + days(1)
    somebody(log, surveyed(log.engine, later, "UTC", Silent()), later)


def test_a_source_is_named_by_its_file_or_folder(orders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = str(tmp_path.resolve())
    assert identity_of([orders]) == identity_of([Path(orders.name)]) == f"{folder}/{orders.name}"
    assert identity_of([Path("b.csv"), orders]) == identity_of([tmp_path]) == folder
    assert identity_of([Path("*.csv")]) == f"{folder}/*.csv"
    assert identity_of([orders, Path("more/b.csv")]) == f"{folder}/more/b.csv | {folder}/{orders.name}"


def test_the_folder_of_a_file_is_the_same_source(orders: Path, tmp_path: Path) -> None:
    log_of(orders, tmp_path / "out", columns=COLUMNS)
    more = orders.with_name("more.parquet")
    pq.write_table(TABLE.set_column(0, "who", pa.array(["z"] * len(TABLE))), more)
    request = request_for_files([orders, more], tmp_path / "out", columns=COLUMNS)
    log = brought_up_to_date(request, source_of(request), columns_of(COLUMNS), Silent())
    assert [load.lines for load in log.intake.loads] in ([3, 4], [4, 3])


def test_the_log_of_one_source_takes_no_other(orders: Path, tmp_path: Path) -> None:
    log_of(orders, tmp_path / "out", columns=COLUMNS)
    other = tmp_path / "others.parquet"
    pq.write_table(TABLE, other)
    with pytest.raises(InputError, match="another source"):
        log_of(other, tmp_path / "out", columns=COLUMNS)


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


def test_what_is_marked_as_sensitive_is_told_and_not_kept(tmp_path: Path) -> None:
    people(tmp_path)
    text = (tmp_path / "foretell.toml").read_text(encoding="utf-8")
    marked = text.replace('path = "profiles.csv"', 'path = "profiles.csv"\nsensitive = ["Gender"]')
    (tmp_path / "foretell.toml").write_text(marked, encoding="utf-8")
    request = request_of_declaration(tmp_path / "foretell.toml")
    notes = read_in(request)["notes"]
    assert isinstance(notes, tuple)
    assert "Left out of profiles as sensitive: Gender" in notes
    assert files_that_name(request.place.state, "male") == []
