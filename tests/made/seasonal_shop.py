"""Two and a half years of a shop, generated with a seed: customers come and go, and buy more before each Christmas."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

FIRST_DAY, LAST_DAY = date(2021, 7, 1), date(2024, 1, 10)


def seasonal_shop(path: Path, peak: float, customers: int = 900, seed: int = 4) -> Path:
    """A CSV of orders; `peak` times as many come from the first of December to Christmas Eve as otherwise."""
    random = np.random.default_rng(seed)
    days = [FIRST_DAY + timedelta(days=ahead) for ahead in range((LAST_DAY - FIRST_DAY).days)]
    level = np.array([peak if day.month == 12 and day.day <= 24 else 1.0 for day in days])
    lines = []
    for customer in range(customers):
        joins, rate = int(random.uniform(-200, len(days) - 10)), random.gamma(1.2, 1 / 60)
        leaves = joins + random.exponential(500)
        ordered = np.flatnonzero(random.random(len(days)) < rate * level)
        own = ordered[(ordered > joins) & (ordered <= leaves)]
        own = np.append(joins, own) if joins >= 0 else own
        lines += [(days[day], f"C{customer}", random.gamma(2, 15)) for day in own]
    rows = [f"{customer},{day.isoformat()},{amount:.2f}" for day, customer, amount in sorted(lines)]
    path.write_text("\n".join(["customer,sold_at,amount", *rows]) + "\n")
    return path
