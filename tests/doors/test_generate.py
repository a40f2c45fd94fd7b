"""`foretell generate shop`, as its user types it, and a run on what it wrote."""

from __future__ import annotations

import json
from pathlib import Path

import polars
import pyarrow.parquet as pq
import pytest

from typed import typed


def test_a_generated_shop_runs_as_it_is_declared(tmp_path: Path) -> None:
    made = typed("generate", "shop", "--customers", "400", "--days", "300", "--seed", "2", "--json", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    assert told["generated"] is True
    shop = tmp_path / told["folder"]
    lines = polars.read_csv(shop / "orders.csv")
    assert told["rows"]["orders"] == len(lines)
    checked = typed("check", "intake", "--json", folder=shop)
    assert checked.returncode == 0, checked.stderr
    intake = json.loads(checked.stdout)
    paid, back = lines.filter(polars.col("status") == "paid"), lines.filter(polars.col("status") == "refunded")
    assert intake["orders"] == paid["order_id"].n_unique()
    assert intake["customers"] == 400
    refunds = -float(back["amount"].sum())
    assert intake["refunds"] == pytest.approx(refunds, abs=0.01)
    assert intake["spend"] == pytest.approx(float(paid["amount"].sum()) - refunds, abs=0.01)
    assert intake["rejected"] == []
    ran = typed("run", "--horizon", "30d", "--as-of", "2023-10-01", folder=shop)
    assert ran.returncode == 0, ran.stderr
    assert len(pq.read_table(shop / "foretell-results" / "scores.parquet")) > 200


def test_init_recognises_the_orders_of_a_generated_shop(tmp_path: Path) -> None:
    assert typed("generate", "shop", "--customers", "150", "--out", "s", folder=tmp_path).returncode == 0
    begun = typed("init", "orders.csv", "--yes", "--force", "--json", folder=tmp_path / "s")
    assert begun.returncode == 0, begun.stderr
    columns = json.loads(begun.stdout)["columns"]
    assert columns["customer"] == "customer_id"
    assert columns["amount"] == "amount"
    assert columns["state"] == "status"


def test_generate_says_what_it_wrote_and_what_it_cannot(tmp_path: Path) -> None:
    made = typed("generate", "shop", "--customers", "5", "--days", "40", "--drift", "20", folder=tmp_path)
    assert "nothing in it is real" in made.stdout
    assert "truth/customers.parquet" in made.stdout
    again = typed("generate", "shop", "--customers", "5", folder=tmp_path)
    assert again.returncode == 2
    assert "--out" in again.stderr
    late = typed("generate", "shop", "--days", "40", "--drift", "41", "--out", "t", "--json", folder=tmp_path)
    assert late.returncode == 2
    assert json.loads(late.stdout)["where"] == "column --drift"


def test_parameters_are_printed_and_nothing_is_written(tmp_path: Path) -> None:
    shown = typed("generate", "shop", "--parameters", folder=tmp_path)
    assert "| `rate_shape` | 0.719 | Online Retail |" in shown.stdout
    told = json.loads(typed("generate", "shop", "--parameters", "--json", folder=tmp_path).stdout)
    assert {"name", "value", "source", "licence", "meaning"} == set(told[0])
    assert list(tmp_path.iterdir()) == []


def test_a_shop_goes_on_and_reacts(tmp_path: Path) -> None:
    made = typed(
        "generate", "shop", "--customers", "60", "--days", "100", "--ahead", "40", "--out", "s", folder=tmp_path
    )
    assert made.returncode == 0, made.stderr
    who = (tmp_path / "s" / "profiles.csv").read_text().splitlines()[1].split(",")[0]
    (tmp_path / "a.csv").write_text(
        "customer_id,assigned_at,playbook,campaign,arm,offer,channel,cost\n"
        f"{who},2023-04-12T10:00:00,win back,april,treated,new,email,0.02\n"
    )
    on = typed("generate", "continue", "s", "--days", "20", "--assignments", "a.csv", "--json", folder=tmp_path)
    assert on.returncode == 0, on.stderr
    assert json.loads(on.stdout)["days"] == 120
    assert f"{who},2023-04-12 10:00:00,april,email,new,treated,0.02" in (tmp_path / "s" / "contacts.csv").read_text()
    beyond = typed("generate", "continue", "s", "--days", "21", folder=tmp_path)
    assert beyond.returncode == 2
    assert "go on so far" in beyond.stderr
