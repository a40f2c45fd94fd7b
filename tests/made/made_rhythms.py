"""Customers who order in a rhythm of their own until they leave, drawn with a seed, and examples of them."""

from __future__ import annotations

import numpy as np

from foretell.examples.examples import FACTS, Examples, stacked
from foretell.forecasts.next_order.rows import CAME_BACK, WAIT_DAYS, WAIT_FEATURES

DAY = 86_400_000_000
HORIZON_DAYS = 30

OrderDays = list[np.ndarray]


def rhythmic_customers(customers: int, seed: int, *, shape: float = 12.0, end: float = 400.0) -> OrderDays:
    """The days with an order of each customer, ascending: gaps are gamma with the given shape (the higher, the more
    regular) around an own mean of 10 to 60 days; after each order one in twelve leaves."""
    random = np.random.default_rng(seed)
    days = []
    for _ in range(customers):
        moment, mean = random.uniform(0, end * 0.7), random.uniform(10, 60)
        own = [moment]
        while random.random() > 1 / 12 and moment < end:
            moment += random.gamma(shape, mean / shape)
            own.append(moment)
        days.append(np.unique(np.floor([day for day in own if day < end])))
    return days


def examples_at(order_days: OrderDays, cutoffs: tuple[int, ...], until: int | None) -> Examples:
    """Examples of all customers with an order before each cutoff (a day), with their waits as known at `until`."""
    return stacked([_at(order_days, cutoff, until) for cutoff in cutoffs])


def _at(order_days: OrderDays, cutoff: int, until: int | None) -> Examples:
    who = [number for number, days in enumerate(order_days) if len(days) and days[0] < cutoff]
    past = [order_days[number][order_days[number] < cutoff] for number in who]
    gaps = [np.diff(days) for days in past]
    facts = {name: np.zeros(len(who)) for name in FACTS}
    facts["purchase_days"] = np.array([len(days) for days in past], dtype=np.float64)
    facts["observed_days"] = np.array([cutoff - days[0] for days in past], dtype=np.float64)
    facts["first_to_last_days"] = np.array([days[-1] - days[0] for days in past], dtype=np.float64)
    facts["days_since_last"] = np.array([cutoff - days[-1] - 0.5 for days in past], dtype=np.float64)
    facts["lifetime_orders"] = facts["purchase_days"]
    facts["lifetime_spend"] = 20.0 * facts["purchase_days"]
    known = {
        "gap_days_median": np.array([np.sort(gap)[(len(gap) - 1) // 2] if len(gap) else np.nan for gap in gaps]),
        "gap_variation": np.array([gap.std() / (gap.mean() + 1) if len(gap) > 1 else np.nan for gap in gaps]),
        "gap_days_last": np.array([gap[-1] if len(gap) else np.nan for gap in gaps]),
        "orders_90d": np.array([float((days >= cutoff - 90).sum()) for days in past]),
    }
    features = np.column_stack([known[name] for name in WAIT_FEATURES]) if who else np.zeros((0, len(WAIT_FEATURES)))
    labels = {}
    if until is not None:
        ahead = [order_days[number][(order_days[number] >= cutoff) & (order_days[number] < until)] for number in who]
        labels[WAIT_DAYS] = np.array([days[0] - cutoff if len(days) else until - cutoff for days in ahead], dtype=float)
        labels[CAME_BACK] = np.array([float(len(days) > 0) for days in ahead])
    key = np.array(who, dtype=np.uint64) * np.uint64(7) + np.uint64(1)
    cutoff_column = np.full(len(who), cutoff * DAY)
    everybody = {"all": np.ones(len(who), dtype=bool)}
    return Examples(HORIZON_DAYS, key, cutoff_column, WAIT_FEATURES, features, facts, labels, everybody)
