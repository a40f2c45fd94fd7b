"""A large shop, drawn with a seed from the gaps and amounts of Online Retail: one line an order."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from foretell.data import online_retail

FIRST_DAY, LAST_DAY = datetime(2022, 1, 1), datetime(2025, 1, 1)
SECONDS_PER_DAY = 86_400
SOURCE_GROUPS = ["customer_id", "invoice_no"]


def draw(orders: int, customers: int, seed: int) -> pa.Table:
    """`order_id`, `customer_id`, `ordered_at` (seconds) and `amount` (pounds, pennies), in the order of time.

    Every customer has one order, the others fall on customers as unevenly as Online Retail's do. Gaps between
    orders are drawn from its gaps, and shrunk where a customer would outlive the three years of the log.
    """
    counts, gaps, amounts = _observed()
    random = np.random.default_rng(seed)
    weights = random.choice(counts, customers).astype(np.float64)
    number = 1 + random.multinomial(orders - customers, weights / weights.sum())
    customer = np.repeat(np.arange(customers), number)
    span = int((LAST_DAY - FIRST_DAY).total_seconds())
    begin = random.integers(0, span * 9 // 10, customers)
    steps = random.choice(gaps, orders)
    first = np.cumsum(number) - number
    steps[first] = 0
    elapsed = np.cumsum(steps)
    elapsed -= np.repeat(elapsed[first], number)
    lasts = elapsed[first + number - 1]
    shrunk = np.minimum(1.0, (span - begin - 1) / np.maximum(lasts, 1))
    moment = np.repeat(begin, number) + (elapsed * np.repeat(shrunk, number)).astype(np.int64)
    amount = random.choice(amounts, orders)
    order = np.argsort(moment, kind="stable")
    epoch = int((FIRST_DAY - datetime(1970, 1, 1)).total_seconds())
    return pa.table(
        {
            "order_id": np.arange(1, orders + 1),
            "customer_id": 10_000 + random.permutation(customers)[customer[order]],
            "ordered_at": pa.array(moment[order] + epoch).cast(pa.timestamp("s")).cast(pa.timestamp("us")),
            "amount": amount[order],
        }
    )


def write(shop: pa.Table, parquet: Path, csv: Path) -> None:
    """The shop's orders as a Parquet file, and the same as CSV."""
    pq.write_table(shop, parquet, compression="zstd")
    seconds = shop.set_column(2, "ordered_at", shop["ordered_at"].cast(pa.timestamp("s")))
    pyarrow.csv.write_csv(seconds, csv)


def _observed() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Online Retail's orders a customer, its gaps between orders in seconds, its amounts of an order."""
    lines = pq.read_table(online_retail()).drop_null()
    bought = lines.filter(pc.and_(pc.greater(lines["quantity"], 0), pc.greater(lines["unit_price_gbp"], 0)))
    bought = bought.append_column("amount", pc.multiply(bought["quantity"], bought["unit_price_gbp"]))
    orders = bought.group_by(SOURCE_GROUPS).aggregate([("invoice_ts", "min"), ("amount", "sum")])
    orders = orders.sort_by([("customer_id", "ascending"), ("invoice_ts_min", "ascending")])
    customer = orders["customer_id"].to_numpy()
    moment = orders["invoice_ts_min"].cast(pa.timestamp("s")).cast(pa.int64()).to_numpy()
    gaps = np.diff(moment)[customer[1:] == customer[:-1]]
    return np.unique(customer, return_counts=True)[1], gaps, np.round(orders["amount_sum"].to_numpy(), 2)
