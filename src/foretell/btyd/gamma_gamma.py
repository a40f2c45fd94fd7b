"""Gamma-Gamma (Fader and Hardie 2013, "The Gamma-Gamma model of monetary value"): what an order is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, psi

from foretell.btyd.beta_geometric import runs
from foretell.btyd.maximum_likelihood import maximise
from foretell.btyd.summary import FEWEST_REPEAT_CUSTOMERS, CannotFit

STARTS = ((2.0, 3.0, 2.0), (6.0, 4.0, 0.5), (1.0, 10.0, 10.0))
LEAST_SHARE = 1e-12
"""Of the mean value: what a value counts as at least, so that pennies beside fortunes keep a logarithm."""


@dataclass(frozen=True)
class GammaGammaParameters:
    """Value of an order Gamma(p, nu), nu of a customer Gamma(q, gamma); gamma in currency."""

    p: float
    q: float
    gamma: float
    log_likelihood: float


@dataclass(frozen=True)
class ValueSummary:
    """Distinct (repeat orders x, their mean value m > 0) in ascending order, with a count of customers."""

    repeats: np.ndarray
    mean_value: np.ndarray
    customers: np.ndarray


def summarised(repeats: np.ndarray, mean_value: np.ndarray) -> ValueSummary:
    """The summary of the customers who came back and spent something; raises `CannotFit` if they are too few."""
    repeats, mean_value = np.asarray(repeats, dtype=np.float64), np.asarray(mean_value, dtype=np.float64)
    usable = (repeats > 0) & (mean_value > 0) & np.isfinite(mean_value)
    if int(usable.sum()) < FEWEST_REPEAT_CUSTOMERS:
        raise CannotFit(
            f"only {int(usable.sum())} of {len(repeats)} customers have spent money on a repeat order; "
            f"{FEWEST_REPEAT_CUSTOMERS} are needed to tell what an order is worth"
        )
    pairs, customers = np.unique(np.column_stack([repeats[usable], mean_value[usable]]), axis=0, return_counts=True)
    return ValueSummary(pairs[:, 0], pairs[:, 1], customers.astype(np.float64))


def fit(summary: ValueSummary) -> GammaGammaParameters:
    """The maximum likelihood estimate; raises `CannotFit` where the mean value of an order has no bound (q <= 1)."""
    x, customers = summary.repeats, summary.customers
    scale = float((customers * summary.mean_value).sum() / customers.sum())
    scaled = np.maximum(summary.mean_value / scale, LEAST_SHARE)
    found, log_likelihood = maximise(lambda parameters: _log_likelihood(parameters, x, scaled), customers, STARTS)
    p, q, gamma = (float(value) for value in found)
    if q <= 1.0:
        raise CannotFit(f"order values are too heavy-tailed for a mean (q = {q:.2f}, more than 1 is needed)")
    return GammaGammaParameters(p, q, gamma * scale, log_likelihood - float(customers.sum()) * float(np.log(scale)))


def expected_value(parameters: GammaGammaParameters, repeats: np.ndarray, mean_value: np.ndarray) -> np.ndarray:
    """E[value of an order | x, m] in currency (equation 5); the population's mean where x is 0.

    >>> float(expected_value(Parameters(6.25, 3.74, 15.44, 0.0), np.array([0.0]), np.array([0.0]))[0].round(2))
    35.22
    """
    p, q, gamma = parameters.p, parameters.q, parameters.gamma
    x = np.asarray(repeats, dtype=np.float64)
    spent = x * np.maximum(np.asarray(mean_value, dtype=np.float64), 0.0)
    return np.asarray(p * (gamma + spent) / (p * x + q - 1.0))


def _log_likelihood(parameters: np.ndarray, x: np.ndarray, m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log-likelihood (equation 1a) of each pair at (p, q, gamma), and its three derivatives [3, pairs]."""
    p, q, gamma = parameters
    first, length = runs(x)
    level = p * x[first]
    of_x = [gammaln(level + q) - gammaln(level) - gammaln(q), psi(level + q), psi(level)]
    constant, psi_shape, psi_level = (np.repeat(values, length) for values in of_x)
    shape, rate = p * x + q, gamma + m * x
    log_rate, log_spent = np.log(rate), np.log(m * x)
    value = constant + q * np.log(gamma) + p * x * log_spent - np.log(m) - shape * log_rate
    by_p = x * (psi_shape - psi_level + log_spent - log_rate)
    by_q = psi_shape - psi(q) + np.log(gamma) - log_rate
    by_gamma = q / gamma - shape / rate
    return value, np.stack([by_p, by_q, by_gamma])
