"""When in the week and the day, by local clock."""

from __future__ import annotations

import numpy as np

from foretell.features.registry import feature
from foretell.features.themes import CALENDAR
from foretell.timelines.as_of import AsOf
from foretell.words.reasons import FeatureWords


@feature(
    "weekend_share",
    unit="share",
    words=FeatureWords(
        CALENDAR,
        "more at weekends",
        "less at weekends",
        "{} of orders at weekends",
        "no order at weekends",
        much="orders mostly on weekends",
    ),
)
def weekend_share(view: AsOf) -> np.ndarray:
    """Share of orders on a Saturday or Sunday."""
    return view.orders.total("weekend") / np.maximum(view.orders.count(), 1)


@feature(
    "weekday_concentration",
    unit="share",
    words=FeatureWords(CALENDAR, "more on the same weekday", "on changing weekdays"),
)
def weekday_concentration(view: AsOf) -> np.ndarray:
    """Sum of squared shares of orders by weekday: 1 when always on the same day, about 1/7 when on any."""
    count = view.orders.count()
    return view.orders.total("square_weekday") / np.maximum(count * count, 1)


@feature(
    "evening_share",
    unit="share",
    words=FeatureWords(
        CALENDAR,
        "more in the evening",
        "less in the evening",
        "{} of orders in the evening",
        "no order in the evening",
        much="orders mostly in the evening",
    ),
)
def evening_share(view: AsOf) -> np.ndarray:
    """Share of orders from 17:00; null where the source gives no times of day."""
    return _timed(view, view.orders.total("evening"))


@feature("hour_mean", unit="hours", words=FeatureWords(CALENDAR, "later in the day", "earlier in the day"))
def hour_mean(view: AsOf) -> np.ndarray:
    """Mean hour of the day of an order, 0 to 23; null where the source gives no times of day."""
    return _timed(view, view.orders.total("hour"))


def _timed(view: AsOf, total: np.ndarray) -> np.ndarray:
    return np.where(view.orders.total("timed") > 0, total / np.maximum(view.orders.count(), 1), np.nan)
