"""A generated gift shop: three and a half years with a Christmas, whose first one nobody could have seen coming."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from bench.accuracy.logs import EPOCH, Case, Log, log_of

FIRST = date(2021, 6, 1)
DAYS = 1_310
CUSTOMERS = 4_000
SEED = 3
CASES = (
    Case(date(2021, 11, 10), 30),
    Case(date(2022, 11, 1), 60),
    Case(date(2023, 6, 1), 60),
    Case(date(2023, 10, 1), 90),
    Case(date(2024, 3, 1), 90),
)
SOURCE = "a generated gift shop: gamma rates, beta dropout, a peak before Christmas and one in May; its truth is known"


def gift_shop_log() -> Log:
    """Orders whose rate is a customer's own times that of the day of the year; dropout after each order."""
    random = np.random.default_rng(SEED)
    elapsed = np.cumsum(_rate_of_days())
    customer, day, amount = list[int](), list[int](), list[float]()
    for who in range(CUSTOMERS):
        rate, usual, leaves = random.gamma(0.9, 1 / 55), np.exp(random.normal(3.4, 0.6)), random.beta(1, 5)
        when = random.uniform(0, elapsed[-1])
        while when < elapsed[-1]:
            customer.append(who)
            day.append(int(np.searchsorted(elapsed, when)))
            amount.append(round(float(usual * np.exp(random.normal(0, 0.35))), 2))
            if random.random() < leaves:
                break
            when += random.exponential(1 / max(rate, 1e-4))
    days = pa.array(np.array(day, dtype=np.int32) + (FIRST - EPOCH).days, pa.int32()).cast(pa.date32())
    table = pa.table({"customer": customer, "day": days, "amount": amount})
    return log_of("gift_shop", SOURCE, table, {"customer": "customer", "time": "day", "amount": "amount"}, CASES)


def _rate_of_days() -> np.ndarray:
    """float64 [days]: how many times the usual rate orders come on each day."""
    of_year = np.array([(FIRST + timedelta(days=n)).timetuple().tm_yday for n in range(DAYS)])

    def peak(middle: int, width: float) -> np.ndarray:
        return np.asarray(np.exp(-(((of_year - middle) / width) ** 2)))

    return np.asarray(1 + 2.2 * peak(338, 16) + 0.5 * peak(130, 10) - 0.25 * peak(215, 25))
