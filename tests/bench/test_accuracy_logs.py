from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench.accuracy.logs import DAY, EPOCH, Case, declared_log
from hypothesis import given, settings

from made_logs import MadeLog, made_logs


def written(folder: Path, name: str = "orders.parquet") -> Path:
    path = folder / name
    rows = {
        "id": ["b", "a", None, "b", "a"],
        "at": [datetime(2024, 1, 1, 9), datetime(2024, 1, 3), datetime(2024, 1, 3), datetime(2024, 1, 1, 18), None],
        "pieces": [2, -1, 1, 1, 1],
        "each": [1.5, 2.0, 1.0, 4.0, 1.0],
    }
    pq.write_table(pa.table(rows), path)
    return path


def test_a_declared_log_has_the_roles_it_was_given(tmp_path: Path) -> None:
    log = declared_log(f"shop={written(tmp_path)}:customer=id,time=at,quantity=pieces,unit_price=each")
    assert log.name == "shop"
    assert log.customer_ids.tolist() == ["a", "b"]
    assert log.columns == {
        "customer": "id", "time": "at", "quantity": "pieces", "unit_price": "each", "order": DAY
    }  # fmt: skip
    assert (log.orders.customer.tolist(), log.orders.amount.tolist()) == ([1], [7.0])
    assert log.orders.day.tolist() == [(date(2024, 1, 1) - EPOCH).days]


def test_a_path_may_hold_the_signs_that_part_the_text(tmp_path: Path) -> None:
    path = written(tmp_path, "a=b:c.parquet")
    assert declared_log(f"shop={path}:customer=id,time=at,amount=each").name == "shop"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "shop",
        "shop=orders.parquet",
        "=orders.parquet:customer=id,time=at",
        "shop=:customer=id,time=at",
        "shop=orders.parquet:customer=id",
        "shop=orders.parquet:time=at,amount=paid",
        "shop=orders.parquet:customer=id,time=at,colour=red",
    ],
)
def test_a_text_that_cannot_be_read_says_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected name=path\.parquet"):
        declared_log(text)


def test_a_log_without_declared_cases_is_asked_at_its_last_ends(tmp_path: Path) -> None:
    log = declared_log(f"shop={written(tmp_path)}:customer=id,time=at,amount=each")
    end = date(2024, 1, 4)
    assert log.cases[0] == Case(end - timedelta(days=90), 90)
    assert [case.as_of + timedelta(days=30) for case in log.cases[1:]] == [
        end - timedelta(days=60), end - timedelta(days=30), end
    ]  # fmt: skip


@given(made_logs())
@settings(max_examples=60)
def test_lines_from_the_day_on_are_not_written(tmp_path_factory: pytest.TempPathFactory, made: MadeLog) -> None:
    path = tmp_path_factory.mktemp("written") / "orders.parquet"
    made.log().write_before(made.case.as_of, path)
    kept = pq.read_table(path).select(["who", "when", "paid"]).to_pylist()
    before = [
        {"who": who, "when": EPOCH + timedelta(days=day), "paid": amount}
        for who, day, amount in made.lines
        if day < made.case.cutoff
    ]
    assert kept == before
