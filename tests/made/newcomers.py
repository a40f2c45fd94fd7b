"""A shop that gains customers all the time, drawn with a seed: what they are worth shows in the channel they came
through and in how many lines their first basket has, and not in what they paid for it."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from shop import Rows

BEGIN = datetime(2024, 1, 1)


def newcomers(customers: int = 900, days: int = 400, seed: int = 5, telling: bool = True) -> Rows:
    """Order rows; without `telling` nothing of the first order goes with what comes later."""
    random = np.random.default_rng(seed)
    rows: list[dict[str, str]] = []
    for number in range(customers):
        begins = float(random.uniform(0, days))
        is_good = random.random() < 0.3
        shows = is_good if telling else random.random() < 0.3
        lines = int(random.integers(4, 7)) if shows else int(random.integers(1, 4))
        channel = "app" if shows and random.random() < 0.8 else "web"
        moments = [begins]
        while moments[-1] < days and random.random() < 0.85:
            moments.append(moments[-1] + float(random.exponential(9)))
        for place, moment in enumerate(moment for moment in moments if moment < days):
            worth = 20.0 if place == 0 else 90.0 if is_good else 15.0
            held = lines if place == 0 else 1
            for line in range(held):
                rows.append(
                    {
                        "customer": f"C{number:04d}",
                        "sold_at": f"{BEGIN + timedelta(days=moment):%Y-%m-%d %H:%M:%S}",
                        "order_no": f"A{number}-{place}",
                        "sku": f"P{int(random.integers(0, 40)) if place else line:02d}",
                        "amount": f"{float(random.gamma(4, worth / 4)) / held:.2f}",
                        "channel": channel,
                    }
                )
    return rows
