"""Windows of a made shop: customers who order at a constant rate, with chances that are right or off by a pace."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foretell.backtest.forecast import ALL, Forecast
from foretell.outcomes.estimates.passing import PastWindow

DAYS, HORIZON = (10, 20, 30), 40
PRICE = 10.0


def chances(draws: np.random.Generator, customers: int, a: float = 0.6, b: float = 1.2) -> np.ndarray:
    """Chances of an order as they lie among customers (Beta)."""
    return draws.beta(a, b, customers).clip(0.01, 0.99)


def arrivals(
    draws: np.random.Generator, chance: np.ndarray, pace: float = 1.0, days: Sequence[int] = (*DAYS, HORIZON)
) -> np.ndarray:
    """float64 [customers, days]: orders by the end of each day, at the rate that the chance means, times a pace."""
    rate = -np.log1p(-chance) * pace
    steps = np.diff([0, *days]) / HORIZON
    return np.cumsum(draws.poisson(rate[:, None] * steps), axis=1).astype(np.float64)


def window(draws: np.random.Generator, customers: int = 600, pace: float = 1.0, cutoff: int = 0) -> PastWindow:
    """A test whose chances are right where the pace is 1."""
    key = np.arange(customers, dtype=np.uint64)
    chance = chances(draws, customers)
    orders = arrivals(draws, chance, pace)
    mean = -np.log1p(-chance)
    return PastWindow(key, chance, mean, PRICE * mean, orders, PRICE * orders, questions(key, chance, orders, cutoff))


def questions(key: np.ndarray, chance: np.ndarray, orders: np.ndarray, cutoff: int) -> tuple[Forecast, ...]:
    """Who orders, of all; and who leaves, of every second."""
    came = (orders[:, -1] > 0).astype(np.float64)
    everybody = {ALL: np.ones(len(key), dtype=bool)}
    own = slice(None, None, 2)
    leaving = (key[own], 1 - chance[own], 1 - came[own], {"active": np.ones(len(key[own]), dtype=bool)}, 0.6)
    return (
        Forecast("purchase", "probability", HORIZON, cutoff, "model", key, chance, came, everybody, 0.5),
        Forecast("churn", "probability", HORIZON, cutoff, "model", *leaving),
    )
