"""The purchase logs of the accuracy bench, and at which past days they are asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.accuracy.peers.history import History
from foretell.data import online_retail

EPOCH = date(1970, 1, 1)
DAY = "order_of_the_day"
ROLES = ("customer", "time", "amount", "quantity", "unit_price", "order", "product", "category")


@dataclass(frozen=True)
class Case:
    """Everything before the day `as_of` is known; judged by what happened in the `horizon_days` from it on."""

    as_of: date
    horizon_days: int

    @property
    def cutoff(self) -> int:
        return (self.as_of - EPOCH).days

    def __str__(self) -> str:
        return f"{self.as_of.isoformat()}, {self.horizon_days} days"


@dataclass(frozen=True)
class Log:
    """Order lines with the columns that play a role; `customer_ids` are those of `orders`, the whole log by day."""

    name: str
    source: str
    lines: pa.Table
    columns: dict[str, str]
    customer_ids: np.ndarray
    orders: History
    cases: tuple[Case, ...]

    def write_before(self, as_of: date, path: Path) -> None:
        """The lines before a day, as a user would have them then; orders merged by day, as `columns` says."""
        time = self.lines[self.columns["time"]]
        bound = pa.scalar(datetime.combine(as_of, datetime.min.time())).cast(time.type)
        pq.write_table(self.lines.filter(pc.less(time, bound)), path)


def online_retail_log() -> Log:
    """Order lines of a British gift shop; the lines without a customer left out."""
    columns = {"customer": "customer_id", "time": "invoice_ts", "quantity": "quantity", "product": "stock_code"}
    columns |= {"unit_price": "unit_price_gbp", "order": "invoice_no"}
    source = "Online Retail, D. Chen, UCI 352, CC BY 4.0; December 2010 to 9 September 2011, as it comes with Foretell"
    return log_of("online_retail", source, pq.read_table(online_retail()), columns)


def cdnow_log() -> Log:
    """Purchases of a tenth of the CDNOW cohort, from the file that the package lifetimes carries."""
    text = files("lifetimes").joinpath("datasets", "CDNOW_sample.txt").read_text()
    rows = [line.split() for line in text.splitlines() if line.strip()]
    table = pa.table(
        {
            "customer_id": pa.array([int(row[1]) for row in rows]),
            "date": pa.array([datetime.strptime(row[2], "%Y%m%d").date() for row in rows]),
            "cds": pa.array([int(row[3]) for row in rows]),
            "dollars": pa.array([float(row[4]) for row in rows]),
        }
    )
    columns = {"customer": "customer_id", "time": "date", "amount": "dollars", "quantity": "cds"}
    source = "CDNOW, the published tenth of the cohort of early 1997 (Fader and Hardie), from the package lifetimes"
    return log_of("cdnow", source, table, columns)


def declared_log(text: str) -> Log:
    """The log of `name=path.parquet:customer=..,time=..,amount=..`; ValueError where the text cannot be read."""
    name, _, rest = text.partition("=")
    path, _, roles = rest.rpartition(":")
    columns = dict(part.split("=", 1) for part in roles.split(",") if "=" in part)
    if not name or not path or not {"customer", "time"} <= set(columns) <= set(ROLES):
        raise ValueError(f"--log {text!r}: expected name=path.parquet:customer=..,time=..; roles: {', '.join(ROLES)}")
    table = pq.read_table(path, columns=list(dict.fromkeys(columns.values())))
    return log_of(name, SOURCES.get(name, f"a log given by --log, {Path(path).name}"), table, columns)


SOURCES = {
    "complete_journey": "Complete Journey 2.0, 84.51°, CC0; 1,014 of its households, grocery lines of 2017",
    "complete_journey_products": "Complete Journey 2.0, 84.51°, CC0; 1,014 of its households, grocery lines of 2017",
}

CASES: dict[str, tuple[Case, ...]] = {
    "online_retail": (
        Case(date(2011, 6, 12), 90),
        Case(date(2011, 6, 12), 30),
        Case(date(2011, 7, 12), 30),
        Case(date(2011, 8, 10), 30),
    ),
    "cdnow": (
        Case(date(1997, 10, 1), 273),
        Case(date(1997, 10, 1), 90),
        Case(date(1998, 1, 1), 90),
        Case(date(1998, 4, 1), 90),
    ),
    "complete_journey": (
        Case(date(2017, 9, 1), 90),
        Case(date(2017, 7, 1), 30),
        Case(date(2017, 9, 1), 30),
        Case(date(2017, 11, 1), 30),
    ),
}


def log_of(
    name: str, source: str, table: pa.Table, columns: dict[str, str], cases: tuple[Case, ...] | None = None
) -> Log:
    """The log of a table of order lines; lines without a customer or a time left out, takebacks no part of an order."""
    table = table.filter(pc.and_(table[columns["customer"]].is_valid(), table[columns["time"]].is_valid()))
    ids, customer = np.unique(table[columns["customer"]].to_numpy(), return_inverse=True)
    day = table[columns["time"]].cast(pa.timestamp("us"), safe=False).cast(pa.int64()).to_numpy() // 86_400_000_000
    if "amount" in columns:
        amount = _floats(table, columns["amount"])
        bought = amount >= 0
    else:
        amount = _floats(table, columns["quantity"]) * _floats(table, columns["unit_price"])
        bought = (_floats(table, columns["quantity"]) > 0) & (amount >= 0)
    span = int(day.max()) + 1
    pairs, order = np.unique(customer[bought] * span + day[bought], return_inverse=True)
    orders = History(len(ids), pairs // span, pairs % span, np.bincount(order, amount[bought]), span)
    columns = {role: name for role, name in columns.items() if role != "order"}  # without one, orders are days
    if not bought.all():  # what is taken back is no part of the day's order, or its gross amount would be a net one
        number = customer * span + day + 1
        table = table.append_column(DAY, pa.array(np.where(bought, number, -number)).cast(pa.string()))
        columns["order"] = DAY
    return Log(name, source, table, columns, ids, orders, cases or CASES.get(name) or _cases(orders))


def _floats(table: pa.Table, column: str) -> np.ndarray:
    return np.asarray(table[column].cast(pa.float64()).to_numpy())


def _cases(orders: History) -> tuple[Case, ...]:
    """For a log without declared ones: 30 days at the last three ends that fit, 90 days at the last."""
    end = EPOCH + timedelta(days=orders.cutoff)
    return (
        Case(end - timedelta(days=90), 90),
        *(Case(end - timedelta(days=30 * back), 30) for back in (3, 2, 1)),
    )
