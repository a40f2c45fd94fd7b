"""Gamma-Gamma of lifetimes: the mean amount of a customer's orders to come."""

from __future__ import annotations

import numpy as np
import pandas as pd
from lifetimes import GammaGammaFitter

from bench.accuracy.peers.history import History

PENALTIES = (0.0, 0.001, 0.01, 0.1)


def mean_amount(history: History) -> np.ndarray:
    """Expected amount of an order, float64 [customers]; learned from all orders of customers with a mean above 0."""
    orders = history.orders()
    mean = history.spend() / orders
    known = mean > 0
    for penalty in PENALTIES:
        fitter = GammaGammaFitter(penalizer_coef=penalty)
        try:
            fitter.fit(pd.Series(orders[known]), pd.Series(mean[known]))
        except Exception:  # lifetimes raises its own and SciPy's; a penalty is its documented way out
            continue
        expected = np.asarray(fitter.conditional_expected_average_profit(pd.Series(orders), pd.Series(mean)))
        if np.isfinite(expected).all() and (expected > 0).all():
            return expected
    raise RuntimeError("Gamma-Gamma of lifetimes does not converge under any penalty")
