"""A shop that has more than orders: every table from its file to a forecast, and `init` that tells files apart."""

from __future__ import annotations

import csv
import json
import sys
import tomllib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from foretell.cli.main import main
from foretell.features.registry import FEATURES
from foretell.forecasts.contracts.customers import CONTRACT_COLUMNS
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.run import run
from foretell.project.progress import Silent
from shop import Rows, made_shop, written

HEADERS = {
    "events": ("customer_id", "time", "event", "channel", "product", "order_id"),
    "contacts": ("customer_id", "time", "campaign", "channel", "offer", "arm", "cost", "response"),
    "feedback": ("customer_id", "time", "kind", "score", "scale", "text"),
    "profiles": ("customer_id", "since", "city", "age_group", "source", "signed_up_at"),
    "subscriptions": (
        "customer_id", "subscription_id", "plan", "amount", "interval", "started_at", "asked_to_cancel_at", "ended_at",
        "reason",
    ),
    "consents": ("customer_id", "time", "channel", "purpose", "state"),
}  # fmt: skip
BEFORE = datetime(2023, 12, 1)


@pytest.fixture(scope="module")
def shop() -> Rows:
    """A shop with enough customers to teach models."""
    return made_shop(customers=220, days=110)


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shop: Rows) -> Path:
    """A folder with a file of each table, in which the program is started."""
    written(shop, tmp_path / "orders.csv")
    for table, rows in rows_of_tables(shop).items():
        with (tmp_path / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerows([HEADERS[table], *rows])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows_of_tables(shop: Rows) -> dict[str, list[Sequence[object]]]:
    """A few rows of each table about each order or customer, and of one who never ordered."""
    random, rows = np.random.default_rng(7), {table: list[Sequence[object]]() for table in HEADERS}
    customers = sorted({row["customer"] for row in shop})

    def about(when: datetime) -> datetime:
        return (when + timedelta(days=float(random.uniform(-9, 9)))).replace(microsecond=0)

    for row in shop:
        who, when = row["customer"], datetime.fromisoformat(row["sold_at"])
        for name in ("Product Viewed", "add_to_cart", "newsletter widget"):
            rows["events"].append((who, about(when), name, "web", row["sku"], ""))
        answer = ("sent", "opened", "clicked")[int(random.integers(3))]
        rows["contacts"].append((who, about(when), "spring", "email", "", "treated", "0.05", answer))
        kind, score, scale = (("review", 4, "1-5"), ("nps", 3, ""), ("complaint", "", ""))[int(random.integers(3))]
        rows["feedback"].append((who, about(when), kind, score, scale, "it came late"))
    for number, who in enumerate([*customers, "nobody"]):
        begun = BEFORE - timedelta(days=number % 40)
        ended = begun + timedelta(days=60) if number % 3 == 0 else ""
        about_plan = ("Pro", 29, "month") if number % 2 else ("Free", 0, "year")
        rows["profiles"].append((who, begun, ("Bonn", "Kiel")[number % 2], "35-44", "ad", begun))
        rows["subscriptions"].append((who, f"S{number}", *about_plan, begun, "", ended, ""))
        rows["consents"].append((who, begun, "email", "marketing", ("granted", "withdrawn")[number % 2]))
    return rows


TABLES = tuple(f"{table}.csv" for table in HEADERS)


def init(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit code of `foretell init` over the orders and more."""
    monkeypatch.setattr(sys, "argv", ["foretell", "init", "orders.csv", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(str(ended.value.code or 0))


def test_init_tells_which_table_each_file_is_and_who_matches(
    there: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shop: Rows
) -> None:
    assert init(monkeypatch, *TABLES, "--json") == 0
    told = {source["table"]: source for source in json.loads(capsys.readouterr().out)["sources"]}
    assert set(told) == set(HEADERS)
    customers = len({row["customer"] for row in shop})
    assert told["profiles"]["match"] == {
        "customers": customers + 1, "found": customers, "ordered": customers, "strangers": ["nobody"], "buyers": [],
    }  # fmt: skip
    declared = tomllib.loads((there / "foretell.toml").read_text(encoding="utf-8"))["sources"]
    columns = {source["table"]: source["columns"] for source in declared}
    assert columns["events"] == {
        "customer": "customer_id", "name": "event", "channel": "channel", "product": "product", "time": "time",
    }  # fmt: skip
    assert columns["subscriptions"] == {
        "customer": "customer_id", "subscription": "subscription_id", "plan": "plan", "amount": "amount",
        "interval": "interval", "reason": "reason", "started_at": "started_at",
        "asked_to_cancel_at": "asked_to_cancel_at", "ended_at": "ended_at",
    }  # fmt: skip
    assert {"time": "since", "signed_up_at": "signed_up_at", "city": "city"}.items() <= columns["profiles"].items()


def test_what_init_wrote_runs_and_models_see_every_table(
    there: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(monkeypatch, *TABLES) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "events.csv: events" in said
    assert "of its 2" in said
    found = run(request_of_declaration(there / "foretell.toml", workers=1, horizon="14d"), Silent()).run
    assert {load.table for load in found.main.intake.loads} == {"orders", *HEADERS}
    assert len(found.main.intake.rejected) == 0
    behind = {name.partition(":")[0] for name in found.main.models.feature_names}
    tables = {FEATURES[name].table for name in behind if name in FEATURES}
    proof = found.main.proof
    assert {one.table for one in proof.sources if one.cutoffs} == {*HEADERS} - {"consents"}
    assert tables == {"", *HEADERS} - {"consents"} - proof.idle_tables
    assert set(CONTRACT_COLUMNS) <= set(found.main.scores.column_names)


def test_a_log_of_orders_alone_has_no_feature_of_a_table(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert init(monkeypatch) == 0
    found = run(request_of_declaration(there / "foretell.toml", workers=1, horizon="14d"), Silent()).run
    names = {name.partition(":")[0] for name in found.main.models.feature_names}
    assert {FEATURES[name].table for name in names} == {""}


def test_a_table_of_strangers_is_refused_by_init(
    there: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = there / "events.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([header, *(f"mail-{row}" for row in rows)]) + "\n", encoding="utf-8")
    assert init(monkeypatch, *TABLES) == 2
    assert "No customer of events has an order." in capsys.readouterr().err
    assert not (there / "foretell.toml").exists()
