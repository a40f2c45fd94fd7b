"""The customer's own rhythm: days between purchase days, their spread, and whether they lengthen.

Several orders on one calendar day are one purchase day, so that an order split in two does not pass for a habit.
"""

from __future__ import annotations

import numpy as np

from foretell.features.registry import feature
from foretell.features.themes import ORDER_HISTORY
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.timelines.as_of import AsOf, ratio
from foretell.words.reasons import FeatureWords


@feature(
    "gap_days_mean", unit="days", words=FeatureWords(ORDER_HISTORY, "longer between orders", "shorter between orders")
)
def gap_days_mean(view: AsOf) -> np.ndarray:
    """Mean days between purchase days; null with one."""
    return ratio(view.orders.total("gap_sum"), view.orders.total("has_gap"))


@feature(
    "gap_days_median",
    unit="days",
    words=FeatureWords(
        ORDER_HISTORY, "longer between orders", "shorter between orders", "usually orders every {}", verb="order every"
    ),
)
def gap_days_median(view: AsOf) -> np.ndarray:
    """Median days between purchase days (the lower one of two); null with one."""
    return view.orders.quantile("gap_days", 0.5)


@feature("gap_days_p90", unit="days", words=FeatureWords(ORDER_HISTORY, "longer long gaps", "shorter long gaps"))
def gap_days_p90(view: AsOf) -> np.ndarray:
    """90th percentile of the days between purchase days; null with one."""
    return view.orders.quantile("gap_days", 0.9)


@feature("gap_days_max", unit="days", words=FeatureWords(ORDER_HISTORY, "longer longest gap", "shorter longest gap"))
def gap_days_max(view: AsOf) -> np.ndarray:
    """Longest gap between two purchase days; null with one."""
    longest = view.orders.maximum("gap_days")
    return np.where(longest < 0, np.nan, longest)


@feature(
    "gap_days_last",
    unit="days",
    words=FeatureWords(ORDER_HISTORY, "longer before the last order", "shorter before the last order"),
)
def gap_days_last(view: AsOf) -> np.ndarray:
    """Days between the last two orders; null with one order."""
    moments = view.orders.last("happened_at"), view.orders.last("happened_at", back=1)
    return (moments[0] - moments[1]) / MICROSECONDS_PER_DAY


@feature("gap_variation", unit="ratio", words=FeatureWords(ORDER_HISTORY, "less regular", "more regular"))
def gap_variation(view: AsOf) -> np.ndarray:
    """Standard deviation of the gaps over their mean, a day added to it; null with fewer than three purchase days."""
    count = view.orders.total("has_gap")
    mean = gap_days_mean(view)
    square = ratio(view.orders.total("gap_square"), count)
    spread = np.sqrt(np.maximum(square - mean**2, 0))
    return np.where(count > 1, spread / (mean + 1), np.nan)


@feature(
    "gap_lengthening", unit="log ratio", words=FeatureWords(ORDER_HISTORY, "gaps that lengthen", "gaps that shorten")
)
def gap_lengthening(view: AsOf) -> np.ndarray:
    """Log ratio of the days between the last two orders to the mean gap, a day added to both; null with one
    purchase day."""
    return np.log((gap_days_last(view) + 1) / (gap_days_mean(view) + 1))


@feature(
    "days_to_second_order", unit="days", words=FeatureWords(ORDER_HISTORY, "later second order", "sooner second order")
)
def days_to_second_order(view: AsOf) -> np.ndarray:
    """Days from the first to the second order; null with one order."""
    moments = view.orders.first("happened_at"), view.orders.first("happened_at", ahead=1)
    return (moments[1] - moments[0]) / MICROSECONDS_PER_DAY
