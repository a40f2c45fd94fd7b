"""A shop that exports its orders again and again: the rows of an export, files of them, and what the log counts."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from foretell.customer_log.files.source_files import source_files
from foretell.customer_log.ingest import Ingested, ingest
from foretell.customer_log.roles.named_columns import columns_of
from foretell.pipeline.intake.log import identity_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.project.progress import Silent
from foretell.timelines.bucket import buckets_of

COLUMNS = {"customer": "customer_id", "time": "order_date", "order": "order_id", "amount": "amount"}
BY_DAY = {name: column for name, column in COLUMNS.items() if name != "order"}
EVERYTHING = 2**61


class Row(NamedTuple):
    """One row of an export; amounts in cents."""

    order_id: str
    customer_id: str
    order_date: date
    amount: int
    note: str = ""


def exported(orders: int = 210, customers: int = 30, seed: int = 3) -> list[Row]:
    """One row an order, in the order of time."""
    random = np.random.default_rng(seed)
    days, owner = np.sort(random.integers(0, 200, orders)), random.integers(0, customers, orders)
    amounts = random.integers(500, 9_000, orders)
    begin = date(2024, 1, 1)
    return [
        Row(f"O{n + 1:05d}", f"C{owner[n]:03d}", begin + timedelta(days=int(days[n])), int(amounts[n]))
        for n in range(orders)
    ]


def corrected(rows: Sequence[Row], *places: int) -> list[Row]:
    """The rows, of which some have another amount."""
    return [row._replace(amount=row.amount + 111) if n in places else row for n, row in enumerate(rows)]


def written(rows: Sequence[Row], path: Path) -> Path:
    """The rows as a CSV file; a note goes over two lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows((*row[:3], f"{row.amount / 100:.2f}", row.note) for row in rows)
    return path


@dataclass(frozen=True)
class Counted:
    """Orders, cents and customers, as far as they count before a moment."""

    orders: int
    cents: int
    customers: int

    @classmethod
    def of(cls, *exports: Sequence[Row]) -> Counted:
        """What some rows say that hold each order once."""
        rows = [row for export in exports for row in export]
        return cls(len(rows), sum(row.amount for row in rows), len({row.customer_id for row in rows}))


def counted(log: Ingested, before: int = EVERYTHING) -> Counted:
    """What a log counts before a moment."""
    batches = [bucket.read(before) for bucket in buckets_of(log.store, "net")]
    money = sum(int(facts.columns["amount"].sum()) for batch in batches for facts in (batch.orders, batch.adjustments))
    customers = sum(int((np.diff(batch.orders.offsets) > 0).sum()) for batch in batches)
    return Counted(sum(len(batch.orders) for batch in batches), money // 100, customers)


def taken_in(path: Path, out: Path, withdraw: bool = False, by_day: bool = False, buckets: int = 2) -> Ingested:
    """The log of a folder of results after a file or folder was read into it, with the columns given."""
    columns = BY_DAY if by_day else COLUMNS
    request = request_for_files([path], out, columns=columns)
    source = replace(request.sources[0], on_missing="withdraw" if withdraw else "keep")
    request = replace(request, sources=(source,), identity=identity_of([path]), buckets=buckets)
    return ingest(source_files([path]), columns_of(columns), request, Silent())


def brought(log: Ingested) -> dict[str, int]:
    """What the load that came last says of its orders."""
    newest = max(log.store.manifest.loads(), key=lambda load: load.number)
    return {name: getattr(newest, name) for name in ("new", "changed", "seen_before", "gone")}
