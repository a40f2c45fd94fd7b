"""A small shop, generated with a seed: customers with their own rhythm who leave at some time."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

Rows = list[dict[str, str]]


def made_shop(customers: int = 120, days: int = 240, seed: int = 7) -> Rows:
    """Order rows of a shop, sorted by time; every order has one or two lines."""
    random = np.random.default_rng(seed)
    begin = datetime(2024, 1, 1)
    rows: list[tuple[datetime, dict[str, str]]] = []
    order = 1000
    for customer in range(customers):
        moment = begin + timedelta(days=float(random.uniform(0, days * 0.6)))
        rhythm, leaves = random.gamma(2, 12), random.geometric(0.12)
        for _ in range(int(leaves)):
            if moment >= begin + timedelta(days=days):
                break
            order += 1
            for _ in range(int(random.integers(1, 3))):
                row = {
                    "customer": f"C{customer:04d}",
                    "sold_at": moment.strftime("%Y-%m-%d %H:%M:%S"),
                    "order_no": f"A{order}",
                    "sku": f"P{int(random.integers(0, 30)):02d}",
                    "amount": f"{float(random.gamma(2, 15)):.2f}",
                }
                rows.append((moment, row))
            moment += timedelta(days=float(random.exponential(rhythm)) + 0.5)
    return [row for _, row in sorted(rows, key=lambda pair: (pair[0], pair[1]["order_no"]))]


def written(rows: Rows, path: Path) -> Path:
    """The rows as a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
