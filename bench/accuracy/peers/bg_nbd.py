"""BG/NBD with Gamma-Gamma, fitted by lifetimes (Fader, Hardie and Lee 2005)."""

from __future__ import annotations

import warnings

import numpy as np
from lifetimes import BetaGeoFitter
from scipy.special import betaln, gammaln

from bench.accuracy.peers.gamma_gamma import PENALTIES, mean_amount
from bench.accuracy.peers.history import Forecasts, History

DAYS_PER_WEEK = 7


def forecast(history: History, horizon_days: int) -> Forecasts:
    """P(at least one order) is exact: one minus the likelihood ratio of no further order until T + H."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _forecast(history, horizon_days / DAYS_PER_WEEK)


def repeats(history: History) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Repeat orders, weeks from the first to the last order, weeks from the first order to the cutoff."""
    first = history.first()
    return (
        history.orders() - 1,
        (history.last() - first) / DAYS_PER_WEEK,
        (history.cutoff - first) / DAYS_PER_WEEK,
    )


def _forecast(history: History, weeks: float) -> Forecasts:
    frequency, recency, age = repeats(history)
    for penalty in PENALTIES:
        fitter = BetaGeoFitter(penalizer_coef=penalty)
        try:
            fitter.fit(frequency, recency, age)
        except Exception:  # lifetimes raises its own and SciPy's; a penalty is its documented way out
            continue
        parameters = np.array([fitter.params_[name] for name in ("r", "alpha", "a", "b")])
        orders = np.asarray(
            fitter.conditional_expected_number_of_purchases_up_to_time(weeks, frequency, recency, age), dtype=np.float64
        )
        if np.isfinite(orders).all():
            none = _log_likelihood(parameters, frequency, recency, age + weeks)
            purchase = -np.expm1(none - _log_likelihood(parameters, frequency, recency, age))
            spend = orders * mean_amount(history)
            return {"purchase": np.clip(purchase, 0, 1), "orders": orders, "spend": spend, "high_value": spend}
    raise RuntimeError("BG/NBD of lifetimes gives no finite forecast under any penalty")


def _log_likelihood(parameters: np.ndarray, frequency: np.ndarray, recency: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Log of equation 6 of the paper, a customer."""
    r, alpha, a, b = parameters
    alive = betaln(a, b + frequency) - (r + frequency) * np.log(alpha + age)
    with np.errstate(divide="ignore"):
        gone = betaln(a + 1, b + frequency - 1) - (r + frequency) * np.log(alpha + recency)
    same = gammaln(r + frequency) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
    return np.asarray(np.where(frequency > 0, np.logaddexp(alive, gone), alive) + same)
