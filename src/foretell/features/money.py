"""How much: spend over windows, for life, decayed; order values, their spread and direction."""

from __future__ import annotations

import numpy as np

from foretell.features.registry import feature
from foretell.features.themes import ORDER_HISTORY, VALUE
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.as_of import WINDOWS_DAYS, AsOf, ratio
from foretell.timelines.batch import LOG_UNITS
from foretell.words.reasons import FeatureWords


@feature(
    "spend_{days}d",
    unit="money",
    over=WINDOWS_DAYS,
    words=FeatureWords(
        ORDER_HISTORY,
        "spend more in {days} days",
        "spend less in {days} days",
        "{} spent in the last {days} days",
        "nothing spent in the last {days} days",
        window_days=90,
        verb="spend",
    ),
)
def spend(view: AsOf, days: int) -> np.ndarray:
    """Spend in the last {days} days, refunds taken off when they happen; 0 without an order."""
    return _spend(view, since=days)


@feature(
    "spend_life",
    unit="money",
    words=FeatureWords(
        ORDER_HISTORY, "spent more so far", "spent less so far", "{} spent so far", "nothing spent so far", verb="spent"
    ),
)
def spend_life(view: AsOf) -> np.ndarray:
    """Spend ever, refunds taken off."""
    return _spend(view)


@feature(
    "spend_decayed_{days}d",
    unit="money",
    over=(45, 180),
    words=FeatureWords(ORDER_HISTORY, "spend more of late", "spend less of late"),
)
def spend_decayed(view: AsOf, days: int) -> np.ndarray:
    """Order amounts with a weight that halves every {days} days, by whole days of age."""
    return view.orders.decayed(days, "amount") / UNITS_PER_ONE


@feature(
    "order_value_mean_{days}d",
    unit="money",
    over=(90, 365),
    words=FeatureWords(VALUE, "larger baskets of late", "smaller baskets of late"),
)
def order_value_mean(view: AsOf, days: int) -> np.ndarray:
    """Mean amount of an order in the last {days} days; null without one."""
    return ratio(view.orders.total("amount", since=days), view.orders.count(since=days)) / UNITS_PER_ONE


@feature(
    "order_value_mean_life",
    unit="money",
    words=FeatureWords(
        VALUE, "larger baskets", "smaller baskets", "{} an order", verb="spend", much="orders of {} or more on average"
    ),
)
def order_value_mean_life(view: AsOf) -> np.ndarray:
    """Mean amount of an order, ever."""
    return ratio(view.orders.total("amount"), view.orders.count()) / UNITS_PER_ONE


@feature(
    "order_value_last",
    unit="money",
    words=FeatureWords(VALUE, "larger last basket", "smaller last basket"),
)
def order_value_last(view: AsOf) -> np.ndarray:
    """Amount of the last order."""
    return view.orders.last("amount") / UNITS_PER_ONE


@feature(
    "order_value_max_life", unit="money", words=FeatureWords(VALUE, "larger largest basket", "smaller largest basket")
)
def order_value_max_life(view: AsOf) -> np.ndarray:
    """Largest amount of an order, ever."""
    return view.orders.maximum("amount") / UNITS_PER_ONE


@feature(
    "order_value_log_mean",
    unit="log money",
    words=FeatureWords(VALUE, "larger typical basket", "smaller typical basket"),
)
def order_value_log_mean(view: AsOf) -> np.ndarray:
    """Mean of log(1 + amount), to six decimals each, over all orders: the typical order, unmoved by one large one."""
    return ratio(view.orders.total("log_amount"), view.orders.count()) / LOG_UNITS


@feature(
    "order_value_log_spread",
    unit="log money",
    words=FeatureWords(VALUE, "baskets of more different sizes", "baskets of more equal sizes"),
)
def order_value_log_spread(view: AsOf) -> np.ndarray:
    """Standard deviation of log(1 + amount) over all orders; null with one order."""
    count = view.orders.count()
    mean = ratio(view.orders.total("log_amount"), count) / LOG_UNITS
    square = ratio(view.orders.total("log_amount_square"), count) / LOG_UNITS**2
    spread = np.sqrt(np.maximum(square - mean**2, 0))
    return np.where(count > 1, spread, np.nan)


@feature(
    "last_to_typical_value",
    unit="log ratio",
    words=FeatureWords(VALUE, "last basket larger than usual", "last basket smaller than usual"),
)
def last_to_typical_value(view: AsOf) -> np.ndarray:
    """log(1 + amount) of the last order less the mean of all orders."""
    return np.asarray(view.orders.last("log_amount") / LOG_UNITS - order_value_log_mean(view))


@feature(
    "spend_trend_{days}d",
    unit="log ratio",
    over=(30, 90, 180),
    words=FeatureWords(ORDER_HISTORY, "spend more than they did", "spend less than they did"),
)
def spend_trend(view: AsOf, days: int) -> np.ndarray:
    """Log ratio of order amounts in the last {days} days to the {days} days before, one typical order added to both."""
    recent = view.orders.total("amount", since=days) / UNITS_PER_ONE
    before = view.orders.total("amount", since=2 * days, until=days) / UNITS_PER_ONE
    typical = np.maximum(np.expm1(order_value_log_mean(view)), 1e-4)
    return np.log((np.maximum(recent, 0) + typical) / (np.maximum(before, 0) + typical))


@feature(
    "spend_same_season_{days}d",
    unit="money",
    over=(30, 90),
    words=FeatureWords(ORDER_HISTORY, "spent more at this time last year", "spent less at this time last year"),
)
def spend_same_season(view: AsOf, days: int) -> np.ndarray:
    """Spend in the {days} days that began a year before the cutoff; null where the log does not reach back."""
    if view.population.log_start > view.cutoff - 365 * 86_400_000_000:
        return np.full(view.customers, np.nan)
    return _spend(view, since=365, until=365 - days)


def _spend(view: AsOf, since: float | None = None, until: float = 0) -> np.ndarray:
    money = view.orders.total("amount", since, until) + view.adjustments.total("amount", since, until)
    return np.asarray(money / UNITS_PER_ONE)
