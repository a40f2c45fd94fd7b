"""Pareto/NBD (Schmittlein, Morrison and Colombo 1987): gamma rates of purchase, gamma rates of dropping out.

With k = r + x, the likelihood is an integral over the moment u of dropping out:

    L = G(k) alpha^r beta^s / G(r)
        * [(alpha + T)^-k (beta + T)^-s + s * integral_{t_x}^{T} (alpha + u)^-k (beta + u)^-(s + 1) du]

Gauss-Legendre in log(m + u), m the smaller of alpha and beta, keeps it free of the cancellation between two
hypergeometric functions, and gives the gradient under the same integral.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import exprel, gammaln, psi

from foretell.btyd.maximum_likelihood import maximise
from foretell.btyd.summary import Summary, require_repeat_customers

STARTS = ((0.5, 10.0, 0.5, 10.0), (1.0, 5.0, 1.0, 20.0))
NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)
NEGLIGIBLE = 40.0
ROWS_AT_A_TIME = 20_000


@dataclass(frozen=True)
class ParetoNbdParameters:
    """Gamma(r, alpha) purchase rate and Gamma(s, beta) rate of dropping out, a week; the fit's log-likelihood."""

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float


def fit(summary: Summary) -> ParetoNbdParameters:
    """The maximum likelihood estimate; raises `CannotFit` with a reason."""
    require_repeat_customers(summary)

    def rows(parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        parts = [
            _log_likelihood(
                parameters,
                summary.repeats[start : start + ROWS_AT_A_TIME],
                summary.recency_weeks[start : start + ROWS_AT_A_TIME],
                summary.age_weeks[start : start + ROWS_AT_A_TIME],
            )
            for start in range(0, len(summary.repeats), ROWS_AT_A_TIME)
        ]
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts], axis=1)

    found, log_likelihood = maximise(rows, summary.customers, STARTS)
    r, alpha, s, beta = (float(value) for value in found)
    return ParetoNbdParameters(r, alpha, s, beta, log_likelihood)


def probability_alive(parameters: ParetoNbdParameters, x: np.ndarray, t_x: np.ndarray, age: np.ndarray) -> np.ndarray:
    """P(not dropped out at T | x, t_x, T); lengths in weeks."""
    p = parameters
    log_weights, _ = _dropped((p.alpha, p.s, p.beta), p.r + x, t_x, age)
    alive = -(p.r + x) * np.log(p.alpha + age) - p.s * np.log(p.beta + age)
    return np.asarray(1.0 / (1.0 + np.exp(log_weights - alive[:, None]).sum(axis=1)))


def probability_of_order(
    parameters: ParetoNbdParameters, x: np.ndarray, t_x: np.ndarray, age: np.ndarray, horizon: float
) -> np.ndarray:
    """P(at least one order in (T, T + horizon]) = 1 - L(x, t_x, T + horizon) / L(x, t_x, T), in [0, 1]; weeks."""
    p = parameters
    alive = -(p.r + x) * np.log(p.alpha + age) - p.s * np.log(p.beta + age)
    later = -(p.r + x) * np.log(p.alpha + age + horizon) - p.s * np.log(p.beta + age + horizon)
    log_weights, _ = _dropped((p.alpha, p.s, p.beta), p.r + x, age, age + horizon)
    silent = np.exp(later - alive) + np.exp(log_weights - alive[:, None]).sum(axis=1)
    return np.asarray(probability_alive(p, x, t_x, age) * np.clip(1.0 - silent, 0.0, 1.0))


def expected_orders(
    parameters: ParetoNbdParameters, x: np.ndarray, t_x: np.ndarray, age: np.ndarray, horizon: float
) -> np.ndarray:
    """E[orders in (T, T + horizon]], at least the probability of one; weeks.

    Fader and Hardie 2005, "A note on deriving the Pareto/NBD model", equation 41, finite at s = 1 too.
    """
    p = parameters
    log_growth = np.log1p(horizon / (p.beta + age))
    weeks_alive = (p.beta + age) * log_growth * exprel(-(p.s - 1.0) * log_growth)
    return np.asarray(probability_alive(p, x, t_x, age) * (p.r + x) / (p.alpha + age) * weeks_alive)


def _log_likelihood(
    parameters: np.ndarray, x: np.ndarray, t_x: np.ndarray, age: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Log-likelihood of each triple at (r, alpha, s, beta), and its four derivatives [4, triples]."""
    r, alpha, s, beta = parameters
    k = r + x
    alive = -k * np.log(alpha + age) - s * np.log(beta + age)
    log_weights, moments = _dropped((alpha, s, beta), k, t_x, age)
    highest = np.maximum(alive, log_weights.max(axis=1))
    alive_share = np.exp(alive - highest)
    shares = np.exp(log_weights - highest[:, None])
    total = alive_share + shares.sum(axis=1)
    alive_share, shares = alive_share / total, shares / total[:, None]
    value = gammaln(k) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + highest + np.log(total)

    def averaged(at_age: np.ndarray, at_moments: np.ndarray) -> np.ndarray:
        return np.asarray(alive_share * at_age + (shares * at_moments).sum(axis=1))

    by_r = psi(k) - psi(r) + np.log(alpha) - averaged(np.log(alpha + age), np.log(alpha + moments))
    by_alpha = r / alpha - k * averaged(1.0 / (alpha + age), 1.0 / (alpha + moments))
    by_s = np.log(beta) + averaged(-np.log(beta + age), 1.0 / s - np.log(beta + moments))
    by_beta = s / beta - averaged(s / (beta + age), (s + 1.0) / (beta + moments))
    return value, np.stack([by_r, by_alpha, by_s, by_beta])


def _dropped(
    rates: tuple[float, float, float], k: np.ndarray, start: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Log of the summands of s * integral_{start}^{end} (alpha + u)^-k (beta + u)^-(s + 1) du, and their moments u.

    Both are [rows, nodes]. The integrand falls; what lies beyond a fall by exp(-40) is left out.
    """
    alpha, s, beta = rates
    smaller = min(alpha, beta)
    furthest = (alpha + start) * np.exp(np.minimum(NEGLIGIBLE / k, 500.0)) - alpha
    span = np.log((smaller + np.minimum(end, furthest)) / (smaller + start))
    moments = (smaller + start)[:, None] * np.exp(0.5 * span[:, None] * (NODES + 1.0)) - smaller
    with np.errstate(divide="ignore"):
        log_step = np.log(0.5 * span)[:, None] + np.log(WEIGHTS) + np.log(smaller + moments)
    log_integrand = -k[:, None] * np.log(alpha + moments) - (s + 1.0) * np.log(beta + moments)
    return np.log(s) + log_integrand + log_step, moments
