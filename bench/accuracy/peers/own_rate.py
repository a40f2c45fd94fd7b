"""A customer's own past rate, as the mean of an entity's own past labels is used on RelBench."""

from __future__ import annotations

import numpy as np

from bench.accuracy.peers.history import Forecasts, History
from bench.accuracy.peers.tutorial import learning_days


def forecast(history: History, horizon_days: int) -> Forecasts:
    """The share of own past windows with an order, and orders and spend a window.

    Windows are as long as the tutorials' labels: the horizon, or a third of a shorter log, whose rates are carried to
    the horizon. They are counted back from the cutoff and begin after the day of the first order; one window of the
    mean of all customers' windows is added, so that who has none yet gets that mean.
    """
    length = max(learning_days(history, horizon_days), 1)
    windows = (history.cutoff - 1 - history.first()) // length
    back = (history.cutoff - 1 - history.day) // length
    longest = int(back.max(initial=0)) + 1
    inside = back < windows[history.customer]
    who, own, amount = history.customer[inside], back[inside].astype(np.int64), history.amount[inside]
    ordered = np.bincount(np.unique(who * longest + own) // longest, minlength=history.customers)
    orders = np.bincount(who, minlength=history.customers)
    spend = np.bincount(who, amount, minlength=history.customers)
    rates = [(total + total.sum() / max(windows.sum(), 1.0)) / (windows + 1) for total in (ordered, orders, spend)]
    longer = horizon_days / length
    purchase, orders, spend = 1 - (1 - rates[0]) ** longer, rates[1] * longer, rates[2] * longer
    return {"purchase": purchase, "orders": orders, "spend": spend, "high_value": spend}
