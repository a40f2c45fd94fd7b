"""BG/NBD and MBG/NBD: gamma rates, and a beta chance of dropping out at each purchase.

With n the number of purchases at which a customer could have dropped out and did not (x in BG/NBD, x + 1
in MBG/NBD, where the first purchase counts too), k = r + x, and B the beta function:

    L = G(k) a^r / G(r) * B(a, b + n) / B(a, b) * [(alpha + T)^-k + (n > 0) a / (b + n - 1) (alpha + t_x)^-k]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, gammaln, hyp2f1, psi

from foretell.btyd.maximum_likelihood import maximise
from foretell.btyd.summary import Summary, require_repeat_customers

NEAR_ONE = 1e-5
STARTS = ((0.5, 5.0, 0.5, 2.0), (1.0, 20.0, 1.0, 10.0), (2.0, 2.0, 0.2, 1.0))


@dataclass(frozen=True)
class BetaGeometricParameters:
    """Gamma(r, alpha) purchase rate a week, Beta(a, b) chance of dropping out; `log_likelihood` at the fit."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float


@dataclass(frozen=True)
class BetaGeometric:
    """A process, in weeks; `at_first` is 1 where a customer may drop out after the first purchase too, else 0."""

    at_first: float

    def survived(self, x: np.ndarray) -> np.ndarray:
        """Purchases at which the customer could have dropped out, and did not."""
        return np.asarray(x + self.at_first)

    def fit(self, summary: Summary) -> BetaGeometricParameters:
        """The maximum likelihood estimate; raises `CannotFit` with a reason."""
        require_repeat_customers(summary)
        x, t_x, age = summary.repeats, summary.recency_weeks, summary.age_weeks
        survived = self.survived(x)
        found, highest = maximise(
            lambda parameters: log_likelihood(parameters, x, t_x, age, survived), summary.customers, STARTS
        )
        r, alpha, a, b = (float(value) for value in found)
        return BetaGeometricParameters(r, alpha, a, b, highest)

    def probability_alive(
        self, parameters: BetaGeometricParameters, x: np.ndarray, t_x: np.ndarray, age: np.ndarray
    ) -> np.ndarray:
        """P(not dropped out at T | x, t_x, T)."""
        p, survived = parameters, self.survived(x)
        could_drop = survived > 0
        odds_base = np.where(could_drop, p.b + survived - 1.0, 1.0)
        log_odds = np.log(p.a) - np.log(odds_base) + (p.r + x) * np.log((p.alpha + age) / (p.alpha + t_x))
        return np.where(could_drop, 1.0 / (1.0 + np.exp(np.minimum(log_odds, 700.0))), 1.0)

    def probability_of_order(
        self, parameters: BetaGeometricParameters, x: np.ndarray, t_x: np.ndarray, age: np.ndarray, horizon: float
    ) -> np.ndarray:
        """P(at least one order in (T, T + H]) = 1 - L(x, t_x, T + H) / L(x, t_x, T), all digits kept."""
        silent_if_alive = (parameters.r + x) * np.log1p(horizon / (parameters.alpha + age))
        return self.probability_alive(parameters, x, t_x, age) * -np.expm1(-silent_if_alive)

    def expected_orders(
        self, parameters: BetaGeometricParameters, x: np.ndarray, t_x: np.ndarray, age: np.ndarray, horizon: float
    ) -> np.ndarray:
        """E[orders in (T, T + H] | x, t_x, T], at least the probability of one.

        Fader, Hardie and Lee 2005, equation 10, after Euler's transformation of 2F1, which leaves small arguments
        where the published form overflows for frequent buyers. At a = 1 the formula is 0 / 0; it is continuous
        there, so the mean of both sides stands for it.
        """
        p, survived = parameters, self.survived(x)
        a_values = (p.a,) if abs(p.a - 1.0) > NEAR_ONE else (1.0 - NEAR_ONE, 1.0 + NEAR_ONE)
        z = horizon / (p.alpha + age + horizon)
        orders = np.zeros(np.broadcast(x, age).shape)
        for a in a_values:
            c = a + p.b + survived - 1.0
            c = np.where(np.abs(c) < NEAR_ONE, NEAR_ONE, c)
            with np.errstate(invalid="ignore", over="ignore"):
                series = hyp2f1(a + p.b - p.r - 1.0 + (survived - x), a - 1.0, c, z)
                orders = orders + c / (a - 1.0) * (1.0 - np.exp((a - 1.0) * np.log1p(-z)) * series) / len(a_values)
        at_most = (p.r + x) * horizon / (p.alpha + age)
        at_least = -np.expm1(-(p.r + x) * np.log1p(horizon / (p.alpha + age)))
        orders = np.clip(np.where(np.isfinite(orders), orders, at_most), at_least, at_most)
        return self.probability_alive(p, x, t_x, age) * orders


BG_NBD = BetaGeometric(0.0)
"""Fader, Hardie and Lee 2005, Marketing Science 24: a customer may drop out after each repeat purchase."""
MBG_NBD = BetaGeometric(1.0)
"""Batislam, Denizel and Filiztekin 2007, IJRM 24: dropping out after any purchase, the first too."""


def log_likelihood(
    parameters: np.ndarray, x: np.ndarray, t_x: np.ndarray, age: np.ndarray, survived: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Log-likelihood of each triple at (r, alpha, a, b), and its four derivatives [4, triples].

    What depends on x alone is computed once for each run of equal x; `survived` must follow from x.
    """
    r, alpha, a, b = parameters
    first, length = runs(x)
    k, n = r + x[first], survived[first]
    could_drop = n > 0
    odds_base = np.where(could_drop, b + n - 1.0, 1.0)
    shared = psi(a + b) - psi(a + b + n)
    of_x = [
        k,
        gammaln(k) - gammaln(r) + r * np.log(alpha) + betaln(a, b + n) - betaln(a, b),
        np.where(could_drop, np.log(a) - np.log(odds_base), -np.inf),
        psi(k) - psi(r) + np.log(alpha),
        shared,
        shared + psi(b + n) - psi(b),
        1.0 / odds_base,
    ]
    k, constant, odds, rate, shared, survival, inverse_base = (np.repeat(values, length) for values in of_x)
    to_age, to_last = alpha + age, alpha + t_x
    log_age, log_last = np.log(to_age), np.log(to_last)
    alive, dropped = -k * log_age, odds - k * log_last
    either = np.logaddexp(alive, dropped)
    w = np.exp(dropped - either)
    by_r = rate - (1.0 - w) * log_age - w * log_last
    by_alpha = r / alpha - k * ((1.0 - w) / to_age + w / to_last)
    return constant + either, np.stack([by_r, by_alpha, shared + w / a, survival - w * inverse_base])


def runs(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each run of equal neighbours begins, and how long it is (int64 each)."""
    first = np.concatenate([[0], np.flatnonzero(x[1:] != x[:-1]) + 1]) if len(x) else np.zeros(0, dtype=np.int64)
    return first, np.diff(np.append(first, len(x)))
