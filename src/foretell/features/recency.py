"""How long ago: recency, and recency against the customer's own rhythm."""

from __future__ import annotations

import numpy as np

from foretell.features.ratio import ratio
from foretell.features.registry import feature
from foretell.timelines.as_of import AsOf


@feature("days_since_last_order", unit="days")
def days_since_last_order(view: AsOf) -> np.ndarray:
    """Days from the last order to the cutoff."""
    return view.orders.days_since(view.orders.last("happened_at"))


@feature("days_since_second_last_order", unit="days")
def days_since_second_last_order(view: AsOf) -> np.ndarray:
    """Days from the last order but one to the cutoff; null with one order."""
    return view.orders.days_since(view.orders.last("happened_at", back=1))


@feature("days_since_last_refund", unit="days")
def days_since_last_refund(view: AsOf) -> np.ndarray:
    """Days from the last refund or late line to the cutoff; null without one."""
    return view.adjustments.days_since(view.adjustments.last("happened_at"))


@feature("hiatus_in_median_gaps", unit="gaps")
def hiatus_in_median_gaps(view: AsOf) -> np.ndarray:
    """Days since the last order over the customer's own median gap, a day added to both; null with one purchase day."""
    return _hiatus(view, 0.5)


@feature("hiatus_in_long_gaps", unit="gaps")
def hiatus_in_long_gaps(view: AsOf) -> np.ndarray:
    """Days since the last order over the customer's own 90th percentile gap, a day added to both; null with one
    purchase day."""
    return _hiatus(view, 0.9)


@feature("hiatus_in_mean_gaps", unit="gaps")
def hiatus_in_mean_gaps(view: AsOf) -> np.ndarray:
    """Days since the last order over the mean gap with one day added to both, so that bursts do not explode;
    null with one purchase day."""
    gaps = view.orders.total("has_gap")
    mean_days = ratio(view.orders.total("gap_sum"), gaps)
    return (days_since_last_order(view) + 1) / (mean_days + 1)


def _hiatus(view: AsOf, share: float) -> np.ndarray:
    return (days_since_last_order(view) + 1) / (view.orders.quantile("gap_days", share) + 1)
