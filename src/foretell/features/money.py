"""How much: spend over windows, for life, decayed; order values, their spread and direction."""

from __future__ import annotations

import numpy as np

from foretell.features.ratio import ratio
from foretell.features.registry import feature
from foretell.project.money import UNITS_PER_ONE
from foretell.timelines.as_of import WINDOWS_DAYS, AsOf
from foretell.timelines.batch import LOG_UNITS


@feature("spend_{days}d", unit="money", over=WINDOWS_DAYS)
def spend(view: AsOf, days: int) -> np.ndarray:
    """Spend in the last {days} days, refunds taken off when they happen; 0 without an order."""
    return _spend(view, since=days)


@feature("spend_life", unit="money")
def spend_life(view: AsOf) -> np.ndarray:
    """Spend ever, refunds taken off."""
    return _spend(view)


@feature("spend_decayed_{days}d", unit="money", over=(45, 180))
def spend_decayed(view: AsOf, days: int) -> np.ndarray:
    """Order amounts with a weight that halves every {days} days, by whole days of age."""
    return view.orders.decayed(days, "amount") / UNITS_PER_ONE


@feature("order_value_mean_{days}d", unit="money", over=(90, 365))
def order_value_mean(view: AsOf, days: int) -> np.ndarray:
    """Mean amount of an order in the last {days} days; null without one."""
    return ratio(view.orders.total("amount", since=days), view.orders.count(since=days)) / UNITS_PER_ONE


@feature("order_value_mean_life", unit="money")
def order_value_mean_life(view: AsOf) -> np.ndarray:
    """Mean amount of an order, ever."""
    return ratio(view.orders.total("amount"), view.orders.count()) / UNITS_PER_ONE


@feature("order_value_last", unit="money")
def order_value_last(view: AsOf) -> np.ndarray:
    """Amount of the last order."""
    return view.orders.last("amount") / UNITS_PER_ONE


@feature("order_value_max_life", unit="money")
def order_value_max_life(view: AsOf) -> np.ndarray:
    """Largest amount of an order, ever."""
    return view.orders.maximum("amount") / UNITS_PER_ONE


@feature("order_value_log_mean", unit="log money")
def order_value_log_mean(view: AsOf) -> np.ndarray:
    """Mean of log(1 + amount), to six decimals each, over all orders: the typical order, unmoved by one large one."""
    return ratio(view.orders.total("log_amount"), view.orders.count()) / LOG_UNITS


@feature("order_value_log_spread", unit="log money")
def order_value_log_spread(view: AsOf) -> np.ndarray:
    """Standard deviation of log(1 + amount) over all orders; null with one order."""
    count = view.orders.count()
    mean = ratio(view.orders.total("log_amount"), count) / LOG_UNITS
    square = ratio(view.orders.total("log_amount_square"), count) / LOG_UNITS**2
    spread = np.sqrt(np.maximum(square - mean**2, 0))
    return np.where(count > 1, spread, np.nan)


@feature("last_to_typical_value", unit="ratio")
def last_to_typical_value(view: AsOf) -> np.ndarray:
    """log(1 + amount) of the last order less the mean of all orders."""
    return np.asarray(view.orders.last("log_amount") / LOG_UNITS - order_value_log_mean(view))


@feature("spend_trend_{days}d", unit="ratio", over=(30, 90, 180))
def spend_trend(view: AsOf, days: int) -> np.ndarray:
    """Log ratio of order amounts in the last {days} days to the {days} days before, one typical order added to both."""
    recent = view.orders.total("amount", since=days) / UNITS_PER_ONE
    before = view.orders.total("amount", since=2 * days, until=days) / UNITS_PER_ONE
    typical = np.maximum(np.expm1(order_value_log_mean(view)), 1e-4)
    return np.log((np.maximum(recent, 0) + typical) / (np.maximum(before, 0) + typical))


@feature("spend_same_season_{days}d", unit="money", over=(30, 90))
def spend_same_season(view: AsOf, days: int) -> np.ndarray:
    """Spend in the {days} days that began a year before the cutoff; null where the log does not reach back."""
    if view.population.log_start > view.cutoff - 365 * 86_400_000_000:
        return np.full(view.customers, np.nan)
    return _spend(view, since=365, until=365 - days)


def _spend(view: AsOf, since: float | None = None, until: float = 0) -> np.ndarray:
    money = view.orders.total("amount", since, until) + view.adjustments.total("amount", since, until)
    return np.asarray(money / UNITS_PER_ONE)
