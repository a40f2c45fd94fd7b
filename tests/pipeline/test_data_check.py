"""The check of the data of whole shops: every planted fault is found, and clean shops raise nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.customer_log.erasure.forgotten import BlockList
from foretell.customer_log.ingest import changed_files
from foretell.health.data.checked import DataCheck
from foretell.pipeline.data_check import checked_data
from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import source_of
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.project.progress import Silent
from shops.faulty_shop import PLANTED, Fault, FaultyShop, clean_shop, without_summer_time

NEEDS_A_ROW = ("orders", "events")


def checked(shop: FaultyShop, folder: Path) -> DataCheck:
    """The check of a shop."""
    return checked_data(request_of_declaration(shop.write(folder)), Silent())


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_found_and_nothing_else_is_alarming(fault: Fault, tmp_path: Path) -> None:
    shop = clean_shop(1, orders=6_000 if fault is without_summer_time else 1_500)
    found = checked(fault(shop), tmp_path)
    told = [(one.check, one.severity, one.table) for one in found.findings]
    assert PLANTED[fault] in told
    assert [one for one in told if one != PLANTED[fault] and one[1] != "remark"] == []
    finding = next(one for one in found.findings if one.check == PLANTED[fault][0])
    assert finding.fix
    assert finding.example
    if finding.sought is not None or finding.check == "refused rows":
        assert ".csv, line " in finding.example


def test_clean_shops_raise_no_alarm_beyond_one_in_twenty(tmp_path: Path) -> None:
    alarms = 0
    for seed in range(20):
        (folder := tmp_path / str(seed)).mkdir()
        found = checked(clean_shop(seed, customers=100, orders=800), folder)
        alarms += found.counted("stop") + found.counted("warning") > 0
    assert alarms <= 1


def test_the_log_is_kept_for_the_run_and_the_example_is_the_row(tmp_path: Path) -> None:
    shop = next(fault for fault in PLANTED if fault.__name__ == "one_amount_too_large")(clean_shop(2))
    found = checked(shop, tmp_path)
    (finding,) = (one for one in found.findings if one.check == "outlying amount")
    line = int(finding.example.split("line ")[1].split(":")[0].replace(",", ""))
    assert (tmp_path / "orders.csv").read_text().splitlines()[line - 1].split(",")[3] == "8950.00"
    assert found.read.endswith("rows read.")
    assert {one.table for one in found.tables} == {"orders", "events"}
    request = request_of_declaration(tmp_path / "foretell.toml")
    files = source_of(request)
    columns, settled = settled_columns(files, request, None)
    assert changed_files(files, columns, settled) == [], "a run reads nothing anew"


def test_a_forgetting_that_was_stopped_is_finished_before_the_data_are_read(tmp_path: Path) -> None:
    request = request_of_declaration(clean_shop(3, customers=40, orders=300).write(tmp_path))
    checked_data(request, Silent())
    blocked = BlockList(request.place.state)
    blocked.add(["somebody"], "")
    checked_data(request, Silent())
    assert blocked.unfinished() == {}


def test_ids_that_are_linked_are_no_table_of_facts_and_people_are_told_where_they_are_of_accounts(
    tmp_path: Path,
) -> None:
    toml = clean_shop(3, customers=40, orders=300).write(tmp_path)
    one = (tmp_path / "orders.csv").read_text(encoding="utf-8").splitlines()[1].split(",")
    (tmp_path / "firms.csv").write_text("account,contact\n" + "".join(f"Firm,{part}\n" for part in one), "utf-8")
    with toml.open("a", encoding="utf-8") as file:
        file.write('\n[[sources]]\ntable = "identities"\npath = "firms.csv"\nentity = "account"\n')
        file.write('columns = { customer = "account", other = "contact" }\n')
    found = checked_data(request_of_declaration(toml), Silent())
    assert {one.table for one in found.tables} == {"orders", "events"}
    assert [one.is_carried for one in found.abilities if one.question == "features of people"] == [True]
