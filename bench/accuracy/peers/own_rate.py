"""A customer's own past rate, as the mean of an entity's own past labels is used on RelBench."""

from __future__ import annotations

import numpy as np

from bench.accuracy.peers.history import Forecasts, History


def forecast(history: History, horizon_days: int) -> Forecasts:
    """The share of own past windows of the horizon's length with an order, and orders and spend a window.

    Windows are counted back from the cutoff and begin after the day of the first order; one window of the mean of all
    customers' windows is added, so that who has none yet gets that mean.
    """
    windows = (history.cutoff - 1 - history.first()) // horizon_days
    back = (history.cutoff - 1 - history.day) // horizon_days
    longest = int(back.max(initial=0)) + 1
    inside = back < windows[history.customer]
    who, own, amount = history.customer[inside], back[inside].astype(np.int64), history.amount[inside]
    ordered = np.bincount(np.unique(who * longest + own) // longest, minlength=history.customers)
    orders = np.bincount(who, minlength=history.customers)
    spend = np.bincount(who, amount, minlength=history.customers)
    said = [(total + total.sum() / max(windows.sum(), 1.0)) / (windows + 1) for total in (ordered, orders, spend)]
    return {"purchase": said[0], "orders": said[1], "spend": said[2], "high_value": said[2]}
