"""Projects with several tables: a generated shop, and Complete Journey from a folder of its published tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.accuracy.logs import Case
from foretell.generated.request import ShopRequest
from foretell.generated.shop import write_shop
from foretell.project.progress import Silent

SHOP = ShopRequest(customers=3_000, days=730, seed=1)
CASES = (Case(date(2024, 6, 1), 60), Case(date(2024, 10, 1), 60))
COMPLETE_JOURNEY = """\
[project]
name = "Complete Journey"
value = "net"

[[sources]]
table = "orders"
path = "transactions.parquet"
columns = { customer = "household_id", time = "transaction_timestamp", amount = "sales_value", order = "basket_id" }

[[sources]]
table = "contacts"
path = "campaigns.parquet"
columns = { customer = "household_id", time = "time", message = "campaign", response = "response" }

[[sources]]
table = "profiles"
path = "demographics.parquet"
columns = { customer = "household_id", age = "age", income = "income", household_size = "household_size" }
"""


@dataclass(frozen=True)
class Project:
    """A folder that is filled with files and a `foretell.toml` by `fill`, and when it is asked."""

    name: str
    fill: Callable[[Path], None]
    cases: tuple[Case, ...]


def generated_shop(request: ShopRequest = SHOP, cases: tuple[Case, ...] = CASES) -> Project:
    """The shop of `foretell generate shop`, whose events and feedback are made to tell who leaves."""

    def fill(folder: Path) -> None:
        write_shop(request, folder, Silent())

    return Project("generated shop", fill, cases)


def complete_journey(published: Path) -> Project:
    """Grocery orders, who was mailed which campaign and redeemed a coupon of it, and demographics, which have no date
    and so are known to no past cutoff."""

    def fill(folder: Path) -> None:
        for name in ("transactions", "demographics"):
            pq.write_table(pq.read_table(published / f"{name}.parquet"), folder / f"{name}.parquet")
        pq.write_table(_campaigns(published), folder / "campaigns.parquet")
        (folder / "foretell.toml").write_text(COMPLETE_JOURNEY, encoding="utf-8")

    days = ((date(2017, 9, 1), 90), (date(2017, 11, 1), 30))
    return Project("complete_journey", fill, tuple(Case(*one) for one in days))


def _campaigns(published: Path) -> pa.Table:
    """A row for each campaign that a household was mailed, and one for each that it answered with a coupon."""
    begun = pq.read_table(published / "campaign_descriptions.parquet", columns=["campaign_id", "start_date"])
    sent = pq.read_table(published / "campaigns.parquet").join(begun, "campaign_id")
    used = pq.read_table(published / "coupon_redemptions.parquet")
    parts = [
        _rows(sent, "start_date", "sent"),
        _rows(used, "redemption_date", "clicked"),
    ]
    return pa.concat_tables(parts)


def _rows(table: pa.Table, time: str, response: str) -> pa.Table:
    return pa.table(
        {
            "household_id": table["household_id"].cast(pa.int64()),
            "time": pc.cast(table[time], pa.timestamp("us"), safe=False),
            "campaign": table["campaign_id"].cast(pa.string()),
            "response": pa.array([response] * len(table)),
        }
    )
