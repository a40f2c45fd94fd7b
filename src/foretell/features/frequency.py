"""How often: orders and purchase days over windows, for life, decayed, and how they change."""

from __future__ import annotations

import numpy as np

from foretell.features.registry import feature
from foretell.features.themes import ORDER_HISTORY
from foretell.timelines.as_of import WINDOWS_DAYS, AsOf
from foretell.words.reasons import FeatureWords

HALF_LIVES_DAYS = (15, 45, 120, 365)


@feature(
    "orders_{days}d",
    unit="orders",
    over=WINDOWS_DAYS,
    words=FeatureWords(
        ORDER_HISTORY,
        "more orders in {days} days",
        "fewer orders in {days} days",
        "{} in the last {days} days",
        "no order in the last {days} days",
        window_days=90,
    ),
)
def orders(view: AsOf, days: int) -> np.ndarray:
    """Orders in the last {days} days; 0 without one."""
    return view.orders.count(since=days)


@feature(
    "orders_life",
    unit="orders",
    words=FeatureWords(ORDER_HISTORY, "more orders so far", "fewer orders so far", "{} so far"),
)
def orders_life(view: AsOf) -> np.ndarray:
    """Orders ever."""
    return view.orders.count()


@feature(
    "purchase_days_{days}d",
    unit="days",
    over=(30, 90, 365),
    words=FeatureWords(ORDER_HISTORY, "order on more days", "order on fewer days"),
)
def purchase_days(view: AsOf, days: int) -> np.ndarray:
    """Calendar days whose first order lies in the last {days} days; 0 without one."""
    return view.orders.total("new_day", since=days)


@feature(
    "purchase_days_life",
    unit="days",
    words=FeatureWords(ORDER_HISTORY, "ordered on more days", "ordered on fewer days"),
)
def purchase_days_life(view: AsOf) -> np.ndarray:
    """Calendar days with an order, ever."""
    return view.orders.total("new_day")


@feature(
    "orders_decayed_{days}d",
    unit="orders",
    over=HALF_LIVES_DAYS,
    words=FeatureWords(ORDER_HISTORY, "order more often of late", "order less often of late"),
)
def orders_decayed(view: AsOf, days: int) -> np.ndarray:
    """Orders with a weight that halves every {days} days, by whole days of age."""
    return view.orders.decayed(days)


@feature(
    "orders_trend_{days}d",
    unit="log ratio",
    over=(30, 90, 180),
    words=FeatureWords(ORDER_HISTORY, "order more than they did", "order less than they did"),
)
def orders_trend(view: AsOf, days: int) -> np.ndarray:
    """Log ratio of orders in the last {days} days to those in the {days} days before, one added to both."""
    recent, before = view.orders.count(since=days), view.orders.count(since=2 * days, until=days)
    return np.log((recent + 1) / (before + 1))


@feature(
    "orders_same_season_{days}d",
    unit="orders",
    over=(30, 90),
    words=FeatureWords(ORDER_HISTORY, "more orders at this time last year", "fewer orders at this time last year"),
)
def orders_same_season(view: AsOf, days: int) -> np.ndarray:
    """Orders in the {days} days that began a year before the cutoff; null where the log does not reach back."""
    seen = np.full(view.customers, np.nan)
    if view.population.log_start <= view.cutoff - 365 * 86_400_000_000:
        seen = view.orders.count(since=365, until=365 - days).astype(np.float64)
    return seen


@feature("free_orders_life", unit="orders", words=FeatureWords(ORDER_HISTORY, "more free orders", "fewer free orders"))
def free_orders_life(view: AsOf) -> np.ndarray:
    """Orders of amount 0, ever."""
    return view.orders.total("free")
