"""Standing: what the rules of segments read of every customer at a moment, from what was known by another.

With both moments the same it is the customer's standing on that day. With a moment after the knowledge it is where
silence alone would carry the customer: the same kernel, on today's facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.local_time import local_microseconds
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.as_of import Past
from foretell.timelines.batch import Timelines
from foretell.timelines.facts import Facts

FACTS: dict[str, str] = {
    "silent_days": "whole days since the last order",
    "orders": "orders in the window",
    "spend": "spend (orders minus refunds, never below 0) in the window, in currency",
    "lifetime_orders": "orders ever",
    "lifetime_spend": "spend ever, never below 0, in currency",
    "purchase_days": "distinct days with an order",
    "gap_days": "median days between purchase days; NaN with fewer than three of them",
    "last_gap_days": "days between the last purchase day and the one before; NaN with one",
}


@dataclass(frozen=True)
class Standing:
    """One entry a customer who had ordered by `known_by`, in the order of their keys; `facts` as in `FACTS`, float64.

    `moment` is the time at which windows end, in microseconds UTC; `window_days` is the length of the window.
    """

    moment: int
    known_by: int
    window_days: float
    customer_key: np.ndarray
    facts: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.customer_key)

    def take(self, rows: np.ndarray) -> Standing:
        """The standing of the customers at a boolean mask or an array of positions."""
        facts = {name: values[rows] for name, values in self.facts.items()}
        return replace(self, customer_key=self.customer_key[rows], facts=facts)


def standing(batch: Timelines, moment: int, known_by: int, window_days: float) -> Standing:
    """The standing of a batch at `moment`, from what happened and was known before `known_by`."""
    orders = Past(_before(batch.orders, known_by), moment)
    adjustments = Past(_before(batch.adjustments, known_by), moment)
    day = local_microseconds(np.array([moment]), batch.timezone)[0] // MICROSECONDS_PER_DAY
    purchase_days = orders.total("new_day").astype(np.float64)
    last_gap = orders.last("day_gap_days")
    facts = {
        "silent_days": day - orders.last("local_day"),
        "orders": orders.count(since=window_days).astype(np.float64),
        "spend": _money(orders, adjustments, window_days),
        "lifetime_orders": orders.count().astype(np.float64),
        "lifetime_spend": _money(orders, adjustments, None),
        "purchase_days": purchase_days,
        "gap_days": np.where(purchase_days >= 3, orders.quantile("gap_days", 0.5), np.nan),
        "last_gap_days": np.where(last_gap >= 0, last_gap, np.nan),
    }
    everybody = Standing(moment, known_by, window_days, batch.customer_key, facts)
    return everybody.take(orders.count() > 0)


def joined(parts: Sequence[Standing]) -> Standing:
    """The standings of several batches at one moment as one, by customer key; at least one."""
    key = np.concatenate([part.customer_key for part in parts])
    order = np.argsort(key, kind="stable")
    facts = {name: np.concatenate([part.facts[name] for part in parts])[order] for name in parts[0].facts}
    return replace(parts[0], customer_key=key[order], facts=facts)


def _before(facts: Facts, known_by: int) -> Facts:
    seen = facts.happened_at < known_by
    if facts.any_late:
        seen &= facts.columns["known_at"] < known_by
    return facts if seen.all() else facts.kept(seen)


def _money(orders: Past, adjustments: Past, window_days: float | None) -> np.ndarray:
    money = orders.total("amount", since=window_days) + adjustments.total("amount", since=window_days)
    return np.maximum(money, 0) / UNITS_PER_ONE
