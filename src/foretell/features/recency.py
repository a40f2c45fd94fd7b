"""How long ago: recency, and recency against the customer's own rhythm."""

from __future__ import annotations

import numpy as np

from foretell.features.registry import feature
from foretell.features.themes import ORDER_HISTORY, REFUNDS
from foretell.timelines.as_of import AsOf, ratio
from foretell.words.reasons import FeatureWords


@feature(
    "days_since_last_order",
    unit="days",
    words=FeatureWords(
        ORDER_HISTORY,
        "silent for longer",
        "ordered more lately",
        "silent for {}",
        "ordered today",
        verb="are silent for",
    ),
)
def days_since_last_order(view: AsOf) -> np.ndarray:
    """Days from the last order to the cutoff."""
    return view.orders.days_since(view.orders.last("happened_at"))


@feature(
    "days_since_second_last_order",
    unit="days",
    words=FeatureWords(ORDER_HISTORY, "last order but one longer ago", "last order but one more lately"),
)
def days_since_second_last_order(view: AsOf) -> np.ndarray:
    """Days from the last order but one to the cutoff; null with one order."""
    return view.orders.days_since(view.orders.last("happened_at", back=1))


@feature(
    "days_since_last_refund",
    unit="days",
    words=FeatureWords(REFUNDS, "last refund longer ago", "last refund more lately"),
)
def days_since_last_refund(view: AsOf) -> np.ndarray:
    """Days from the last refund or late line to the cutoff; null without one."""
    return view.adjustments.days_since(view.adjustments.last("happened_at"))


@feature(
    "hiatus_in_median_gaps",
    unit="gaps",
    words=FeatureWords(
        ORDER_HISTORY,
        "silent for more of their own gaps",
        "silent for fewer of their own gaps",
        "silent for {days_since_last_order}, usually orders every {gap_days_median}",
        is_own=True,
        towards=-1,
    ),
)
def hiatus_in_median_gaps(view: AsOf) -> np.ndarray:
    """Days since the last order over the customer's own median gap, a day added to both; null with one purchase day."""
    return _hiatus(view, 0.5)


@feature(
    "hiatus_in_long_gaps",
    unit="gaps",
    words=FeatureWords(ORDER_HISTORY, "silent for more of their long gaps", "silent for fewer of their long gaps"),
)
def hiatus_in_long_gaps(view: AsOf) -> np.ndarray:
    """Days since the last order over the customer's own 90th percentile gap, a day added to both; null with one
    purchase day."""
    return _hiatus(view, 0.9)


@feature(
    "hiatus_in_mean_gaps",
    unit="gaps",
    words=FeatureWords(ORDER_HISTORY, "silent for more of their mean gaps", "silent for fewer of their mean gaps"),
)
def hiatus_in_mean_gaps(view: AsOf) -> np.ndarray:
    """Days since the last order over the mean gap with one day added to both, so that bursts do not explode;
    null with one purchase day."""
    gaps = view.orders.total("has_gap")
    mean_days = ratio(view.orders.total("gap_sum"), gaps)
    return (days_since_last_order(view) + 1) / (mean_days + 1)


def _hiatus(view: AsOf, share: float) -> np.ndarray:
    return (days_since_last_order(view) + 1) / (view.orders.quantile("gap_days", share) + 1)
