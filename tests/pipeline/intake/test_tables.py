"""Several files are told apart by their tables; files of orders alone stay one source."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.schema import Columns
from foretell.customer_log.tables.fact_reader import fact_readers
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.intake.tables import matched_sources, told_apart
from foretell.project.errors import InputError

ORDERS = "customer_id,date,order_id,amount\na,2024-01-01,1,9.5\nb,2024-01-02,2,3\n"
COLUMNS = Columns(customer="customer_id", time="date", order="order_id", amount="amount")
FILES = {
    "orders.csv": ORDERS,
    "more.csv": ORDERS,
    "may.csv": "customer_id,time,event\na,2024-01-01,page_view\nc,2024-01-01,search\n",
    "june.csv": "customer_id,time,event\nb,2024-01-01,page_view\n",
    "app.csv": "user_id,time,action\na,2024-01-01,page_view\n",
    "strangers.csv": "email,time,event\na@b.c,2024-01-01,page_view\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def tables(folder: Path, *names: str) -> list[tuple[str, list[str]]]:
    request = told_apart(request_for_files([folder / name for name in names], folder / "out"))
    return [(source.table, [path.name for path in source.files]) for source in request.sources]


@pytest.mark.parametrize("names", [("may.csv",), ("orders.csv", "more.csv"), ("may.csv", "app.csv")])
def test_files_of_one_kind_stay_the_files_of_orders(folder: Path, names: tuple[str, ...]) -> None:
    assert tables(folder, *names) == [("orders", list(names))]


def test_files_of_a_table_with_the_same_columns_are_one_source(folder: Path) -> None:
    assert tables(folder, "may.csv", "orders.csv", "app.csv", "june.csv", "more.csv") == [
        ("orders", ["more.csv", "orders.csv"]),
        ("events", ["app.csv"]),
        ("events", ["june.csv", "may.csv"]),
    ]


def test_each_source_is_set_against_the_customers_of_orders(folder: Path) -> None:
    request = told_apart(request_for_files([folder / "orders.csv", folder / "may.csv"], folder / "out"))
    (found,) = matched_sources(request, source_files([folder / "orders.csv"]), COLUMNS)
    assert found.as_plain() == {
        "table": "events",
        "files": [str(folder / "may.csv")],
        "columns": {"name": "event", "customer": "customer_id", "time": "time"},
        "match": {"customers": 2, "found": 1, "ordered": 2, "strangers": ("c",), "buyers": ("b",)},
    }


def test_a_source_of_strangers_is_refused(folder: Path) -> None:
    request = told_apart(request_for_files([folder / "orders.csv", folder / "strangers.csv"], folder / "out"))
    with pytest.raises(InputError, match="No customer of events has an order"):
        matched_sources(request, source_files([folder / "orders.csv"]), COLUMNS)


def test_links_are_set_against_orders_by_both_ids_and_rates_by_none(folder: Path) -> None:
    (folder / "ids.csv").write_text("user_id,device_id\nx,a\ny,b\nz,d9\n", encoding="utf-8")
    (folder / "rates.csv").write_text("date,currency,rate\n2024-01-01,EUR,.85\n", encoding="utf-8")
    names = ("orders.csv", "ids.csv", "rates.csv")
    request = told_apart(request_for_files([folder / name for name in names], folder / "out"))
    found = matched_sources(request, source_files([folder / "orders.csv"]), COLUMNS)
    assert [(one.source.table, one.match.customers, one.match.found) for one in found] == [
        ("identities", 6, 2),
        ("rates", 0, 0),
    ]
    (folder / "ids.csv").write_text("user_id,device_id\nx,y\n", encoding="utf-8")
    with pytest.raises(InputError, match="No customer of identities has an order"):
        matched_sources(request, source_files([folder / "orders.csv"]), COLUMNS)


SHOPIFY = (
    "Customer ID,First Name,Email,Accepts Email Marketing,Default Address Country Code,Total Spent,Total Orders\n"
    "'901,Ann,a@example.com,yes,DE,310.50,4\n'902,Eve,e@example.com,no,FR,0.00,0\n"
)


@pytest.mark.parametrize(("own", "column"), [("a@example.com", "Email"), ("901", "Customer ID")])
def test_the_customers_of_a_vendor_are_told_by_the_column_that_matches_orders(
    tmp_path: Path, own: str, column: str
) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS.replace("a,", f"{own},"), encoding="utf-8")
    (tmp_path / "customers.csv").write_text(SHOPIFY, encoding="utf-8")
    request = told_apart(request_for_files([tmp_path / "orders.csv", tmp_path / "customers.csv"], tmp_path / "out"))
    found = matched_sources(request, source_files([tmp_path / "orders.csv"]), COLUMNS)
    assert [(one.source.table, one.source.columns["customer"], one.match.found) for one in found] == [
        ("profiles", column, 1),
        ("consents", column, 1),
    ]
    readers = fact_readers(replace(request, sources=(request.orders, *(one.source for one in found))))
    assert [sum(len(batch.facts) for batch in one.rows(one.files[0])) for one in readers] == [2, 2]
    assert found[0].as_plain()["notes"][-1] == (  # type: ignore[index]
        "Left out, since it is of the day of the export: Total Spent, Total Orders."
    )
