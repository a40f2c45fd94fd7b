"""Labels: what happened in `[cutoff, cutoff + horizon)`, and for whom each question is asked.

Labels on a customer's own facts are made batch by batch; the top tier compares customers, so it is
drawn afterwards over all rows of a cutoff.
"""

from __future__ import annotations

import numpy as np

from foretell.project.intervals import days, label_window
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.as_of import AsOf, Past
from foretell.timelines.batch import Timelines

TOP_TIER_SHARE = 0.1
ACTIVE_AT_MOST_DAYS = 365
REGULAR_HORIZONS = (3, 2)


def own_labels(batch: Timelines, cutoff: int, horizon_days: int) -> dict[str, np.ndarray]:
    """`ordered` (0 or 1), `orders` and `spend` (orders minus refunds, in currency, never below 0) in the window."""
    end = label_window(cutoff, horizon_days).end
    orders = Past(batch.orders, end, {})
    adjustments = Past(batch.adjustments, end, {})
    count = orders.count(since=horizon_days)
    money = orders.total("amount", since=horizon_days) + adjustments.total("amount", since=horizon_days)
    return {
        "ordered": (count > 0).astype(np.float64),
        "orders": count.astype(np.float64),
        "spend": np.maximum(money, 0) / UNITS_PER_ONE,
    }


def active(view: AsOf, horizon_days: int) -> np.ndarray:
    """bool: an order within max(horizon, 3 x the customer's median gap), the population's median gap with
    fewer than three orders, at most 365 days before the cutoff."""
    own = view.orders.quantile("gap_days", 0.5)
    gap = np.where((view.orders.count() >= 3) & np.isfinite(own), own, view.population.gap_days_median)
    window = np.minimum(np.maximum(horizon_days, 3 * np.nan_to_num(gap)), ACTIVE_AT_MOST_DAYS)
    return np.asarray(view.orders.days_since(view.orders.last("happened_at")) <= window)


def regular(view: AsOf, horizon_days: int) -> tuple[np.ndarray, np.ndarray]:
    """Customers who order nearly always: an order in each of the last three stretches of the horizon's
    length (two where the log is shorter; nobody where it is shorter still), and their spend a stretch."""
    stretches = next(
        (n for n in REGULAR_HORIZONS if view.cutoff - view.population.log_start >= n * days(horizon_days)), 0
    )
    if not stretches:
        return np.zeros(view.customers, dtype=bool), np.full(view.customers, np.nan)
    always = np.ones(view.customers, dtype=bool)
    for back in range(stretches):
        always &= view.orders.count(since=(back + 1) * horizon_days, until=back * horizon_days) > 0
    rate = trailing_spend(view, stretches * horizon_days) / stretches
    return always & (rate > 0), rate


def trailing_spend(view: AsOf, window_days: float | None) -> np.ndarray:
    """Spend (orders minus refunds, in currency, never below 0) in the days before the cutoff, or for life."""
    money = view.orders.total("amount", since=window_days) + view.adjustments.total("amount", since=window_days)
    return np.maximum(money, 0) / UNITS_PER_ONE


def top_tier(spend: np.ndarray, customer_key: np.ndarray) -> np.ndarray:
    """bool: the round(10 %) of customers with most spend, and spend above 0; equal spend goes by customer key.

    >>> top_tier(np.array([5.0, 0, 9, 1, 1, 1, 1, 1, 1, 1]), np.arange(10)).nonzero()[0]
    array([2])
    """
    size = round(TOP_TIER_SHARE * len(spend))
    best = np.lexsort((customer_key, -spend))[:size]
    tier = np.zeros(len(spend), dtype=bool)
    tier[best] = True
    return tier & (spend > 0)
