"""How it began: what the first order looked like, which is all there is to know of a new customer."""

from __future__ import annotations

import numpy as np

from foretell.features.registry import feature
from foretell.features.themes import ORDER_HISTORY, VALUE
from foretell.project.intervals import days
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.as_of import AsOf
from foretell.words.reasons import FeatureWords


@feature(
    "first_order_value",
    unit="money",
    words=FeatureWords(
        VALUE,
        "larger first order",
        "smaller first order",
        much="first order of {} or more",
    ),
)
def first_order_value(view: AsOf) -> np.ndarray:
    """Amount of the first order; null where the log begins in mid-life."""
    return np.where(begun_in_log(view), view.orders.first("amount") / UNITS_PER_ONE, np.nan)


@feature(
    "first_order_lines",
    unit="lines",
    words=FeatureWords(
        VALUE,
        "more lines in the first order",
        "fewer lines in the first order",
        much="first basket of {} or more lines",
    ),
)
def first_order_lines(view: AsOf) -> np.ndarray:
    """Lines of the first order; null where the log begins in mid-life."""
    return np.where(begun_in_log(view), view.orders.first("lines"), np.nan)


@feature(
    "first_order_pieces",
    unit="pieces",
    words=FeatureWords(
        VALUE,
        "more pieces in the first order",
        "fewer pieces in the first order",
        much="first basket of {} or more pieces",
    ),
)
def first_order_pieces(view: AsOf) -> np.ndarray:
    """Pieces of the first order; null where the log begins in mid-life."""
    return np.where(begun_in_log(view), view.orders.first("units") / 1_000, np.nan)


@feature(
    "age_days",
    unit="days",
    words=FeatureWords(
        ORDER_HISTORY,
        "customers for longer",
        "newer customers",
        "first order {} ago",
        "first order today",
        verb="have been customers for",
    ),
)
def age_days(view: AsOf) -> np.ndarray:
    """Days from the first order to the cutoff; null where the log begins in mid-life."""
    first = view.orders.first("happened_at")
    return np.where(begun_in_log(view), view.orders.days_since(first), np.nan)


@feature(
    "days_first_to_last_order",
    unit="days",
    words=FeatureWords(
        ORDER_HISTORY, "bought over a longer time", "bought over a shorter time", none="bought on one day only"
    ),
)
def days_first_to_last_order(view: AsOf) -> np.ndarray:
    """Days from the first order that the log holds to the last."""
    return (view.orders.last("happened_at") - view.orders.first("happened_at")) / days(1)


@feature(
    "orders_per_active_month",
    unit="orders",
    words=FeatureWords(ORDER_HISTORY, "more orders a month", "fewer orders a month"),
)
def orders_per_active_month(view: AsOf) -> np.ndarray:
    """Orders over the 30-day months from the first order to the cutoff, at least one month."""
    seen = view.orders.days_since(view.orders.first("happened_at"))
    return view.orders.count() / np.maximum(seen / 30, 1)


def begun_in_log(view: AsOf) -> np.ndarray:
    """bool: first seen at least the 95th percentile gap after the log's start, so really new then."""
    gap = view.population.gap_days_p95
    if np.isnan(gap):
        return np.zeros(view.customers, dtype=bool)
    return np.asarray(view.orders.first("happened_at") >= view.population.log_start + days(gap))
