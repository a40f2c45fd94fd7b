"""`foretell check data`, as its user types it."""

from __future__ import annotations

import json
from pathlib import Path

from shops.faulty_shop import clean_shop, strangers_alone, till
from typed import typed


def test_data_are_checked_and_told_on_the_screen_and_as_json(tmp_path: Path) -> None:
    till(clean_shop(1)).write(tmp_path)
    shown = typed("check", "data", folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "WARNING  orders: Customer 900 has 33 % of all orders" in shown.stdout
    told = typed("check", "data", "orders.csv", "--out", "other", "--yes", "--json", folder=tmp_path)
    assert told.returncode in (0, 1), told.stderr
    answer = json.loads(told.stdout)
    assert {"tables", "findings", "abilities", "horizon_days", "read"} == set(answer)


def test_where_a_run_would_stop_the_exit_code_is_one(tmp_path: Path) -> None:
    strangers_alone(clean_shop(1, orders=300)).write(tmp_path)
    found = typed("check", "data", "--json", folder=tmp_path)
    assert found.returncode == 1, found.stderr
    (finding,) = json.loads(found.stdout)["findings"]
    assert finding["severity"] == "stop"
    assert finding["fix"].startswith("Name the column that holds the same ids")
    missing = typed("check", "data", "nowhere.csv", folder=tmp_path)
    assert missing.returncode == 2
