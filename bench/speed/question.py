"""What every contender is asked: the same features and labels, at the same cutoffs."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

HORIZON_DAYS = 90
NEWEST_CUTOFF = datetime(2024, 10, 1)
CUTOFFS = tuple(NEWEST_CUTOFF - timedelta(days=15 * back) for back in reversed(range(8)))

WINDOWS_DAYS = (30, 90, 180, 365)
ORDER_DECAYS_DAYS, SPEND_DECAYS_DAYS = (45, 120), (45,)

COUNTS = (
    *(f"orders_{days}d" for days in WINDOWS_DAYS),
    "orders_life",
    "purchase_days_90d",
    "purchase_days_life",
    "gap_days_median",
    "gap_days_max",
)
MONEY = (
    *(f"spend_{days}d" for days in WINDOWS_DAYS),
    "spend_life",
    "order_value_last",
    "order_value_max_life",
)
FLOATS = (
    "days_since_last_order",
    "days_since_second_last_order",
    "days_first_to_last_order",
    "days_to_second_order",
    "gap_days_last",
    "gap_days_mean",
    "gap_variation",
    "hiatus_in_mean_gaps",
    "hiatus_in_median_gaps",
    "orders_trend_30d",
    "orders_trend_90d",
    "spend_trend_90d",
    "order_value_mean_life",
    *(f"orders_decayed_{days}d" for days in ORDER_DECAYS_DAYS),
    *(f"spend_decayed_{days}d" for days in SPEND_DECAYS_DAYS),
)
FEATURES = (*COUNTS, *MONEY, *FLOATS)
LABELS = ("ordered", "orders", "spend")
TOLERANCE = 1e-5
EXACT = {*COUNTS, *MONEY, *LABELS}
"""Counts and money must agree exactly (money once rounded to a ten-thousandth); floats to `TOLERANCE`."""


class Answers:
    """Where a contender hands over its columns, one cutoff (or a part of its customers) after the other.

    It keeps sums and counts of known values, which cost next to nothing, and forgets the columns, unless a
    folder is given: then each part is written there, with its customers, to be compared value by value.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.known: dict[str, int] = {}
        self.sums: dict[str, float] = {}

    def give(self, cutoff: datetime, customer: np.ndarray, columns: Mapping[str, np.ndarray]) -> None:
        """One float64 array for each of `FEATURES` and `LABELS`, NaN where null."""
        if missing := {*FEATURES, *LABELS} ^ set(columns):
            raise ValueError(f"not what was asked: {sorted(missing)}")
        for name, values in columns.items():
            key = f"{cutoff.date()} {name}"
            numbers = np.asarray(values, dtype=np.float64)
            total = numbers.sum()
            if np.isnan(total):
                numbers = numbers[~np.isnan(numbers)]
                total = numbers.sum()
            self.known[key] = self.known.get(key, 0) + len(numbers)
            self.sums[key] = self.sums.get(key, 0.0) + float(total)
        if self.folder is not None:
            table = pa.table({"customer_id": customer, **{name: np.asarray(columns[name], float) for name in columns}})
            pq.write_table(table, self.folder / f"{cutoff.date()}-{uuid.uuid4().hex}.parquet", use_dictionary=False)

    def add(self, other: Answers) -> None:
        """Take over the sums of other customers."""
        for key in other.sums:
            self.known[key] = self.known.get(key, 0) + other.known[key]
            self.sums[key] = self.sums.get(key, 0.0) + other.sums[key]

    def write(self, path: Path) -> None:
        """The sums, for the comparison of runs of full size."""
        path.write_text(json.dumps({"known": self.known, "sums": self.sums}))


def disagreements(ours: Path, theirs: Path) -> list[str]:
    """Where the folders that two contenders wrote differ in a value, as sentences."""
    found = []
    for cutoff in CUTOFFS:
        left, right = (_written(folder, cutoff) for folder in (ours, theirs))
        if not left["customer_id"].equals(right["customer_id"]):
            found.append(f"{cutoff.date()}: {len(left):,} customers against {len(right):,}")
            continue
        for name in (*FEATURES, *LABELS):
            mine, other = left[name].to_numpy(), right[name].to_numpy()
            if name in EXACT:
                same = np.array_equal(np.round(mine, 4), np.round(other, 4), equal_nan=True)
            else:
                same = np.allclose(mine, other, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
            if not same:
                apart = np.flatnonzero(~np.isclose(mine, other, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True))[:1]
                example = f", such as {mine[apart[0]]} against {other[apart[0]]}" if len(apart) else ""
                found.append(f"{cutoff.date()} {name} differs{example}")
    return found


def unequal_sums(ours: Path, theirs: Path) -> list[str]:
    """Columns whose sums or counts of known values differ between two runs of full size."""
    left, right = json.loads(ours.read_text()), json.loads(theirs.read_text())
    return [
        key
        for key in left["sums"]
        if left["known"][key] != right["known"].get(key)
        or not np.isclose(left["sums"][key], right["sums"][key], rtol=TOLERANCE)
    ]


def _written(folder: Path, cutoff: datetime) -> pa.Table:
    parts = [pq.read_table(path) for path in sorted(folder.glob(f"{cutoff.date()}-*.parquet"))]
    whole = pa.concat_tables(parts)
    whole = whole.set_column(0, "customer_id", pc.cast(whole["customer_id"], pa.int64()))
    return whole.sort_by("customer_id").combine_chunks()
