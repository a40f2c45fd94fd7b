"""Ids that are linked: the same scores as of a shop with one id a customer, and none that a later link changes."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.run import run
from foretell.project.progress import Silent
from shop import Rows, made_shop, written

TOML = """
[[sources]]
path = "orders.csv"
columns = { customer = "customer", time = "sold_at", order = "order_no", product = "sku", amount = "amount" }

[[sources]]
table = "events"
path = "events.csv"
columns = { customer = "who", time = "at", name = "name", known_at = "loaded" }

[[objectives]]
name = "purchase"
horizon = "14d"
"""
LINKED = (
    TOML
    + '[[sources]]\ntable = "identities"\npath = "links.csv"\ncolumns = { customer = "a", other = "b", time = "t" }\n'
)
DAY = "2024-02-22"


@pytest.fixture(scope="module")
def shop() -> Rows:
    return made_shop(customers=60, days=70)


def scattered(shop: Rows) -> Rows:
    """The shop in which every other order of every second customer came from an e-mail address."""
    return [{**row, "customer": called(row, int(row["order_no"][1:]) % 2)} for row in shop]


def called(row: dict[str, str], by_mail: int) -> str:
    number = int(row["customer"][1:])
    return f"{number}@x.example" if number % 2 and by_mail else row["customer"]


def declared(folder: Path, orders: Rows, known: str | None, toml: str = TOML) -> Path:
    """The shop as files; its ids are linked since a day (empty: without a date), or not at all."""
    folder.mkdir(exist_ok=True)
    written(orders, folder / "orders.csv")
    events = [
        f"{row['customer']},{row['sold_at']},Viewed,{'2024-02-27' if n % 9 == 0 else ''}"
        for n, row in enumerate(orders)
    ]
    (folder / "events.csv").write_text("\n".join(["who,at,name,loaded", *events]) + "\n")
    links = [f"C{number:04d},{number}@X.example,{known}" for number in range(1, 60, 2)]
    (folder / "links.csv").write_text("\n".join(["a,b,t", *links]) + "\n")
    (folder / "foretell.toml").write_text(toml if known is None else LINKED)
    return folder / "foretell.toml"


def scores_of(toml: Path, as_of: str | None = None) -> pa.Table:
    found = run(request_of_declaration(toml, workers=1, as_of=as_of), Silent()).run.main.scores
    return found.drop_columns([name for name in ("model_id", "run_id") if name in found.column_names])


def test_linked_ids_are_scored_as_one_customer_with_one_id(shop: Rows, tmp_path: Path) -> None:
    one = scores_of(declared(tmp_path / "one", shop, None))
    linked = scores_of(declared(tmp_path / "linked", scattered(shop), ""))
    assert linked.equals(one)
    apart = scores_of(declared(tmp_path / "apart", scattered(shop), None))
    assert len(apart) > len(one)


def test_an_old_day_gives_its_old_scores_after_links_and_late_facts_came(shop: Rows, tmp_path: Path) -> None:
    orders = scattered(shop)
    toml = declared(tmp_path / "apart", orders, None)
    then = scores_of(toml, DAY)
    assert any("@" in who for who in then["customer_id"].to_pylist())
    declared(tmp_path / "apart", orders, "2024-02-25")
    assert scores_of(toml, DAY).equals(then)
    now = scores_of(toml)
    assert not any("@" in who for who in now["customer_id"].to_pylist())
    early = (tmp_path / "apart" / "events.csv").read_text().splitlines()
    (tmp_path / "apart" / "events.csv").write_text("\n".join(line for line in early if "2024-02-27" not in line) + "\n")
    assert scores_of(toml, DAY).equals(then)
