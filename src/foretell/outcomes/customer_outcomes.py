"""Outcomes of customers: what each of them did in a window of their own after a moment, and in the time before it.

A window counts only when it is over at the moment up to which the log is known, so that nobody counts by half.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.project.intervals import days
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.batch import Timelines
from foretell.timelines.derived import NO_DISCOUNTS
from foretell.timelines.engine import Engine
from foretell.timelines.facts import Facts

BEFORE_DAYS = 365
"""What was before a moment is told over that many days, or the window where that is longer."""


@dataclass(frozen=True)
class Followed:
    """Customers who are followed: their ids (texts, each once, as the log calls them by now), from which moment on
    (int64, microseconds UTC), over how many days, and how long an offer may take something off (0: none)."""

    customer_id: pa.Array
    since: np.ndarray
    window_days: int
    offer_days: np.ndarray

    def __len__(self) -> int:
        return len(self.since)

    def is_complete(self, known_until: int) -> np.ndarray:
        """bool [customers]: whose window is over at that moment."""
        return np.asarray(self.since + days(self.window_days) <= known_until)


@dataclass(frozen=True)
class CustomerOutcomes:
    """float64 [customers] each, 0 where the log has nothing; money in currency. `orders` and `spend` (refunds taken
    off) in the window, `discount` what the source says was taken off these orders (NaN: it says nothing), `offered` the
    spend of orders while the offer was valid, and `offered_orders` their number; `*_before` the same of the time
    before."""

    orders: np.ndarray
    spend: np.ndarray
    discount: np.ndarray
    offered: np.ndarray
    offered_orders: np.ndarray
    orders_before: np.ndarray
    spend_before: np.ndarray


def outcomes_of(engine: Engine, followed: Followed, known_until: int) -> CustomerOutcomes:
    """What the log says of these customers, by what was known before a moment (microseconds UTC)."""
    found = {name: np.zeros(len(followed)) for name in CustomerOutcomes.__annotations__}
    says_discounts = False
    for rows, told, says in engine.over(partial(_of_batch, followed=followed), known_until):
        says_discounts |= says
        for name, values in told.items():
            found[name][rows] = values
    if not says_discounts:
        found["discount"][:] = np.nan
    return CustomerOutcomes(**found)


def _of_batch(batch: Timelines, followed: Followed) -> tuple[np.ndarray, dict[str, np.ndarray], bool]:
    """The rows of those who are in a batch, what is told of them, and whether discounts are."""
    place = pc.index_in(batch.customer_id.cast(pa.string()), value_set=followed.customer_id)
    row = pc.fill_null(place, -1).to_numpy(zero_copy_only=False)
    own = np.flatnonzero(row >= 0)
    since = np.full(len(row), np.iinfo(np.int64).max // 2)
    since[own] = followed.since[row[own]]
    until = since + days(followed.window_days)
    offered = since.copy()
    offered[own] = since[own] + followed.offer_days[row[own]] * days(1)
    begin = since - days(max(BEFORE_DAYS, followed.window_days))
    orders, back = batch.orders, batch.adjustments
    discount = orders.columns["discount"]
    says = bool((discount != NO_DISCOUNTS).any())
    told = {
        "orders": _counted(orders, since, until),
        "spend": _summed(orders, "amount", since, until) + _summed(back, "amount", since, until),
        "discount": _summed(orders, "discount", since, until) if says else np.zeros(len(row)),
        "offered": _summed(orders, "amount", since, np.minimum(until, offered)),
        "offered_orders": _counted(orders, since, np.minimum(until, offered)),
        "orders_before": _counted(orders, begin, since),
        "spend_before": _summed(orders, "amount", begin, since) + _summed(back, "amount", begin, since),
    }
    return row[own], {name: values[own] for name, values in told.items()}, says


def _counted(facts: Facts, since: np.ndarray, until: np.ndarray) -> np.ndarray:
    own = facts.customer[_within(facts, since, until)]
    return np.bincount(own, minlength=facts.customers).astype(np.float64)


def _summed(facts: Facts, column: str, since: np.ndarray, until: np.ndarray) -> np.ndarray:
    within = _within(facts, since, until)
    sums = np.zeros(facts.customers, dtype=np.int64)
    np.add.at(sums, facts.customer[within], facts.columns[column][within])
    return sums / UNITS_PER_ONE


def _within(facts: Facts, since: np.ndarray, until: np.ndarray) -> np.ndarray:
    """bool [rows]: what happened in the half-open window of its customer."""
    own = facts.customer
    return np.asarray((facts.happened_at >= since[own]) & (facts.happened_at < until[own]))
