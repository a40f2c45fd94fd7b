"""Ids that are linked: the same scores as of a shop with one id a customer, and none that a later link changes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foretell.examples.planned import planned_examples, todays_examples
from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.intake.requests import request_of_declaration
from foretell.pipeline.run import planned
from foretell.project.progress import Silent
from foretell.segments.movement.standings import standings_at
from foretell.segments.standing import Moment
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


def learned_from(toml: Path, as_of: str | None = None) -> dict[str, Any]:
    """All that models are taught by and are asked about: the plan, the past examples, and today's, with their ids."""
    request = request_of_declaration(toml, workers=1, as_of=as_of)
    files = source_of(request)
    columns, settled = settled_columns(files, request, None)
    log = brought_up_to_date(settled, files, columns, Silent())
    [plan] = planned(log, Silent())
    today = todays_examples(log.engine, plan)
    ids = {key: who for bucket in log.engine.buckets for key, who in bucket.ids_of(today.customer_key.tolist()).items()}
    assert plan.serving is not None
    moments = [Moment.now(cutoff) for cutoff in plan.serving.cutoffs]
    standings = standings_at(log.engine, moments, 14, plan, (), 2**64 - 1)
    told: list[Any] = [plan, planned_examples(log.engine, plan, Silent()), today]
    moved = [(standings[at].customer_key, dict(standings[at].facts)) for at in moments]
    return {"told": [asdict(one) for one in told], "ids": ids, "moved": moved}


def test_linked_ids_teach_and_are_scored_as_one_customer_with_one_id(shop: Rows, tmp_path: Path) -> None:
    one = learned_from(declared(tmp_path / "one", shop, None))
    linked = learned_from(declared(tmp_path / "linked", scattered(shop), ""))
    np.testing.assert_equal(linked, one)
    apart = learned_from(declared(tmp_path / "apart", scattered(shop), None))
    assert len(apart["ids"]) > len(one["ids"])


def test_an_old_day_is_as_it_was_after_links_and_late_facts_came(shop: Rows, tmp_path: Path) -> None:
    orders = scattered(shop)
    toml = declared(tmp_path, orders, None)
    then = learned_from(toml, DAY)
    assert any("@" in who for who in then["ids"].values())
    declared(tmp_path, orders, "2024-02-25")
    np.testing.assert_equal(learned_from(toml, DAY), then)
    now = learned_from(toml)
    assert not any("@" in who for who in now["ids"].values())
    events = (tmp_path / "events.csv").read_text().splitlines()
    on_time = [line for line in events if "2024-02-27" not in line]
    assert len(on_time) < len(events)
    (tmp_path / "events.csv").write_text("\n".join(on_time) + "\n")
    np.testing.assert_equal(learned_from(toml, DAY), then)
