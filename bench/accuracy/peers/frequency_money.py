"""Orders times spend over life: an order of customers, no figure."""

from __future__ import annotations

from bench.accuracy.peers.history import Forecasts, History


def forecast(history: History, horizon_days: int) -> Forecasts:
    """Frequency x money, as an order of customers by every target."""
    return dict.fromkeys(("purchase", "orders", "spend", "high_value"), history.orders() * history.spend())
