"""What was, will be: the last horizon repeated."""

from __future__ import annotations

from bench.accuracy.peers.history import Forecasts, History


def forecast(history: History, horizon_days: int) -> Forecasts:
    """Orders and spend of the trailing horizon; by orders as an order of customers for the likelihood to buy."""
    since = history.cutoff - horizon_days
    orders, spend = history.orders(since), history.spend(since)
    return {"purchase": orders, "orders": orders, "spend": spend, "high_value": spend}
