"""Orders below zero: refunds as a rule, and sales at a loss where the amount is a profit; many of them are told."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from foretell.customer_log.schema import Columns
from foretell.customer_log.store import Store
from foretell.words.wording import percent

MANY = 0.1


def losses_told(store: Store, columns: Columns) -> tuple[str, ...]:
    """A note where many orders with a number of their own lie below zero, and only the sign of their amount says so
    (a quantity below zero is a return); else none."""
    if columns.order is None or columns.amount is None or columns.refund or columns.refunded:
        return ()
    orders = below = 0
    for file in store.manifest.files("orders"):
        parts: pa.Table = pq.ParquetFile(store.root / file.path).read(["amount", "taken_back"], use_threads=False)
        amount, taken_back = (parts[name].to_numpy() for name in ("amount", "taken_back"))
        orders += len(parts)
        below += int(((amount < 0) & (amount + taken_back == 0)).sum())
    if below <= MANY * orders:
        return ()
    share = f"{below:,} of {orders:,} orders ({percent(below / orders)})"
    return (
        f"{share} lie below zero in {columns.amount} and count as refunds; if they are sales at a "
        "loss, name the column of what was paid as the amount (--columns amount=...): a profit is not what was spent",
    )
