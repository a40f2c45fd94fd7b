"""Customers for the fits: the CDNOW sample, and customers drawn from a BG/NBD with its published parameters."""

from __future__ import annotations

import numpy as np

from bench.accuracy.logs import cdnow_log
from bench.btyd.fit import Customers

CALIBRATION_DAYS = 273
"""39 weeks, the calibration period of Fader, Hardie and Lee 2005."""
PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
"""Of BG/NBD on CDNOW, in weeks (their table 2)."""
PUBLISHED_VALUE = {"p": 6.25, "q": 3.74, "gamma": 15.44}
"""Of Gamma-Gamma on CDNOW (Fader and Hardie 2013, section 4)."""
SPAN_DAYS = 546
"""78 weeks, as long as the CDNOW log; customers join on any day of it."""


def cdnow() -> Customers:
    """The 2,357 customers of the sample, as known after 39 weeks."""
    log = cdnow_log()
    history, _ = log.orders.before(log.orders.first_day + CALIBRATION_DAYS)
    first, orders = history.first(), history.orders()
    is_first = np.diff(history.customer, prepend=-1) != 0
    later = np.bincount(history.customer, np.where(is_first, 0.0, history.amount), history.customers)
    return {
        "purchase_days": orders,
        "first_to_last_days": history.last() - first,
        "observed_days": history.cutoff - first,
        "mean_value": np.divide(later, orders - 1, out=np.zeros_like(later), where=orders > 1),
    }


def drawn(customers: int, seed: int) -> Customers:
    """Customers of a BG/NBD who join evenly over `SPAN_DAYS`, whole days; at most one purchase a day counts."""
    random = np.random.default_rng(seed)
    rate = random.gamma(PUBLISHED["r"], 1 / PUBLISHED["alpha"], customers) / 7
    chance = random.beta(PUBLISHED["a"], PUBLISHED["b"], customers)
    observed = random.integers(1, SPAN_DAYS + 1, customers).astype(np.float64)
    repeats, last = np.zeros(customers), np.zeros(customers)
    at, alive = np.zeros(customers), np.arange(customers)
    while len(alive):
        at[alive] += random.exponential(1 / np.maximum(rate[alive], 1e-12))
        alive = alive[np.ceil(at[alive]) <= observed[alive]]
        day = np.ceil(at[alive])
        repeats[alive] += day > last[alive]
        last[alive] = day
        alive = alive[random.random(len(alive)) > chance[alive]]
    mean_rate = random.gamma(PUBLISHED_VALUE["q"], 1 / PUBLISHED_VALUE["gamma"], customers)
    spent = random.gamma(np.maximum(PUBLISHED_VALUE["p"] * repeats, 1e-9)) / mean_rate
    value = np.round(np.divide(spent, repeats, out=np.zeros(customers), where=repeats > 0), 2)
    return {"purchase_days": repeats + 1, "first_to_last_days": last, "observed_days": observed, "mean_value": value}
