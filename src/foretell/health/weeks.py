"""Weeks: what the log holds week by week, as counts that add up over buckets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial, reduce

import numpy as np

from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.local_time import local_microseconds
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine
from foretell.timelines.survey import Tally

COUNTED = ("orders", "purchase_days", "amount", "lines", "product_lines", "refunds")


def _nothing() -> np.ndarray:
    return np.zeros(0)


@dataclass(frozen=True)
class Weeks:
    """Stretches of seven days, the last one ends at the as-of date; float64 [weeks] each. `begin` is the first day.

    `purchase_days` counts days with an order customer by customer, `amount` is that of orders in currency, `lines` are
    order lines, `product_lines` those that name a product, `refunds` what took money back.
    """

    begin: str = ""
    orders: np.ndarray = field(default_factory=_nothing)
    purchase_days: np.ndarray = field(default_factory=_nothing)
    amount: np.ndarray = field(default_factory=_nothing)
    lines: np.ndarray = field(default_factory=_nothing)
    product_lines: np.ndarray = field(default_factory=_nothing)
    refunds: np.ndarray = field(default_factory=_nothing)

    def __len__(self) -> int:
        return len(self.orders)

    def day(self, week: int) -> str:
        """The first day of a week."""
        return (date.fromisoformat(self.begin) + timedelta(days=7 * week)).isoformat()


def weeks_of(engine: Engine, as_of: int, as_of_day: str, largest_key: int) -> Weeks:
    """The whole weeks before the as-of date, of the customers up to a key."""
    end = (date.fromisoformat(as_of_day) - date(1970, 1, 1)).days
    parts = list(engine.over(partial(_counted, end=end), as_of, largest_key))
    if not parts:
        return Weeks()
    whole = reduce(lambda left, right: {name: left[name] + right[name] for name in COUNTED}, parts)
    length = int(-whole["orders"].codes.min(initial=0)) - 1
    if length < 1:
        return Weeks()
    begin = (date(1970, 1, 1) + timedelta(days=end - 7 * length)).isoformat()
    dense = {name: _dense(tally, length) for name, tally in whole.items()}
    return Weeks(begin, **dense | {"amount": dense["amount"] / UNITS_PER_ONE})


def _counted(batch: Timelines, end: int) -> dict[str, Tally]:
    """Counts by weeks before the end (-1 is the last one)."""
    orders = batch.orders
    week = (orders.columns["local_day"] - end) // 7
    return {
        "orders": Tally.of(week),
        "purchase_days": Tally.of(week, orders.columns["new_day"]),
        "amount": Tally.of(week, np.maximum(orders.columns["amount"], 0)),
        "lines": Tally.of(week, orders.columns["lines"].astype(np.int64)),
        "product_lines": Tally.of(
            _week(batch.lines.happened_at, batch.timezone, end), batch.lines.columns["has_product"]
        ),
        "refunds": Tally.of(
            _week(batch.adjustments.happened_at, batch.timezone, end), batch.adjustments.columns["is_refund"]
        ),
    }


def _week(happened_at: np.ndarray, timezone: str, end: int) -> np.ndarray:
    return np.asarray((local_microseconds(happened_at, timezone) // MICROSECONDS_PER_DAY - end) // 7)


def _dense(tally: Tally, length: int) -> np.ndarray:
    values = np.zeros(length)
    within = (tally.codes >= -length) & (tally.codes < 0)
    values[tally.codes[within] + length] = tally.counts[within]
    return values
