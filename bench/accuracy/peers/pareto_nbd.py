"""Pareto/NBD with Gamma-Gamma, fitted by lifetimes (Schmittlein, Morrison and Colombo 1987)."""

from __future__ import annotations

import warnings

import numpy as np
from lifetimes import ParetoNBDFitter

from bench.accuracy.peers.bg_nbd import DAYS_PER_WEEK, repeats
from bench.accuracy.peers.gamma_gamma import PENALTIES, mean_amount
from bench.accuracy.peers.history import Forecasts, History

MOST_STEPS = 200
"""CDNOW needs fewer; where no customer seems to leave, the likelihood has no top and more steps end in infinity."""


def forecast(history: History, horizon_days: int) -> Forecasts:
    """P(at least one order) is exact: one minus the likelihood ratio of no further order until T + H."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _forecast(history, horizon_days / DAYS_PER_WEEK)


def _forecast(history: History, weeks: float) -> Forecasts:
    frequency, recency, age = repeats(history)
    for penalty in PENALTIES:
        fitter = ParetoNBDFitter(penalizer_coef=penalty)
        try:
            np.random.seed(0)  # lifetimes draws its starting point from the global generator
            fitter.fit(frequency, recency, age, maxiter=MOST_STEPS)
        except Exception:  # lifetimes raises its own and SciPy's; a penalty is its documented way out
            continue
        parameters = [fitter.params_[name] for name in ("r", "alpha", "s", "beta")]
        orders = np.asarray(
            fitter.conditional_expected_number_of_purchases_up_to_time(weeks, frequency, recency, age), dtype=np.float64
        )
        now = fitter._conditional_log_likelihood(parameters, frequency, recency, age)
        none = fitter._conditional_log_likelihood(parameters, frequency, recency, age + weeks)
        purchase = -np.expm1(none - now)
        if np.isfinite(orders).all() and np.isfinite(purchase).all():
            spend = orders * mean_amount(history)
            return {"purchase": np.clip(purchase, 0, 1), "orders": orders, "spend": spend, "high_value": spend}
    raise RuntimeError("Pareto/NBD of lifetimes gives no finite forecast under any penalty")
