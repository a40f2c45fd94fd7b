"""Logs whose every order falls on the first or the last day of a month: sums of months rather than purchases."""

from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq

from foretell.customer_log.store import Store
from foretell.project.local_time import local_days
from foretell.words.wording import counted

FEWEST_MONTHS = 3
FEWEST_ORDERS = 20


def sums_told(store: Store) -> tuple[str, ...]:
    """A note where each row seems to sum up a month that is written as a day; none as soon as one order stands on
    another day, which the first rows of a log show."""
    orders, months = 0, set[int]()
    firsts = lasts = True
    for file in store.manifest.files("orders"):
        reader = pq.ParquetFile(store.root / file.path)
        for group in range(reader.num_row_groups):
            happened = reader.read_row_group(group, ["happened_at"], use_threads=False)["happened_at"].to_numpy()
            days = local_days(happened, store.timezone).astype("datetime64[D]")
            firsts &= bool((days == days.astype("datetime64[M]").astype("datetime64[D]")).all())
            after = days + 1
            lasts &= bool((after == after.astype("datetime64[M]").astype("datetime64[D]")).all())
            if not (firsts or lasts):
                return ()
            orders += len(days)
            months.update(np.unique(days.astype("datetime64[M]").astype(np.int64)).tolist())
    if len(months) < FEWEST_MONTHS or orders < FEWEST_ORDERS:
        return ()
    where = f"the {'first' if firsts else 'last'} day of a month"
    return (
        f"each of {counted(orders, 'order')} falls on {where}, as sums of months do: a sum is no purchase, and dates "
        "and numbers of orders are then those of months; export the single orders",
    )
