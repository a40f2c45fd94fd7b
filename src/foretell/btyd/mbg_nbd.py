"""MBG/NBD (Batislam, Denizel and Filiztekin 2007, IJRM 24): dropping out after any purchase, the first too."""

from __future__ import annotations

import numpy as np

from foretell.btyd import beta_geometric
from foretell.btyd.beta_geometric import Parameters
from foretell.btyd.maximum_likelihood import maximise
from foretell.btyd.summary import Summary, require_repeat_customers

STARTS = ((0.5, 5.0, 0.5, 2.0), (1.0, 20.0, 1.0, 10.0), (2.0, 2.0, 0.2, 1.0))


def fit(summary: Summary) -> Parameters:
    """The maximum likelihood estimate; raises `CannotFit` with a reason."""
    require_repeat_customers(summary)
    x, t_x, age = summary.repeats, summary.recency_weeks, summary.age_weeks
    found, log_likelihood = maximise(
        lambda parameters: beta_geometric.log_likelihood(parameters, x, t_x, age, _survived(x)),
        summary.customers,
        STARTS,
    )
    r, alpha, a, b = (float(value) for value in found)
    return Parameters(r, alpha, a, b, log_likelihood)


def probability_alive(parameters: Parameters, x: np.ndarray, t_x: np.ndarray, age: np.ndarray) -> np.ndarray:
    """P(not dropped out at T | x, t_x, T); lengths in weeks."""
    return beta_geometric.probability_alive(parameters, x, t_x, age, _survived(x))


def probability_of_order(
    parameters: Parameters, x: np.ndarray, t_x: np.ndarray, age: np.ndarray, horizon: float
) -> np.ndarray:
    """P(at least one order in (T, T + horizon]) = 1 - L(x, t_x, T + horizon) / L(x, t_x, T), in [0, 1]; weeks."""
    return beta_geometric.probability_of_order(parameters, x, t_x, age, survived=_survived(x), horizon=horizon)


def expected_orders(
    parameters: Parameters, x: np.ndarray, t_x: np.ndarray, age: np.ndarray, horizon: float
) -> np.ndarray:
    """E[orders in (T, T + horizon]], at least the probability of one; weeks."""
    return beta_geometric.expected_orders(parameters, x, t_x, age, survived=_survived(x), horizon=horizon)


def _survived(x: np.ndarray) -> np.ndarray:
    """Purchases at which the customer could have dropped out, and did not."""
    survived: np.ndarray = x + 1.0
    return survived
