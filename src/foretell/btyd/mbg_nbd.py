"""MBG/NBD (Batislam, Denizel and Filiztekin 2007, IJRM 24): dropping out after any purchase, the first too."""

from __future__ import annotations

import numpy as np

from foretell.btyd import beta_geometric
from foretell.btyd.beta_geometric import BetaGeometricParameters
from foretell.btyd.summary import Summary


def fit(summary: Summary) -> BetaGeometricParameters:
    """The maximum likelihood estimate; raises `CannotFit` with a reason."""
    return beta_geometric.fit(summary, _survived(summary.repeats))


def probability_alive(
    parameters: BetaGeometricParameters, x: np.ndarray, t_x: np.ndarray, age: np.ndarray
) -> np.ndarray:
    """P(not dropped out at T | x, t_x, T); lengths in weeks."""
    return beta_geometric.probability_alive(parameters, x, t_x, age, _survived(x))


def probability_of_order(
    parameters: BetaGeometricParameters, x: np.ndarray, t_x: np.ndarray, age: np.ndarray, horizon: float
) -> np.ndarray:
    """P(at least one order in (T, T + horizon]) = 1 - L(x, t_x, T + horizon) / L(x, t_x, T), in [0, 1]; weeks."""
    return beta_geometric.probability_of_order(parameters, x, t_x, age, survived=_survived(x), horizon=horizon)


def expected_orders(
    parameters: BetaGeometricParameters, x: np.ndarray, t_x: np.ndarray, age: np.ndarray, horizon: float
) -> np.ndarray:
    """E[orders in (T, T + horizon]], at least the probability of one; weeks."""
    return beta_geometric.expected_orders(parameters, x, t_x, age, survived=_survived(x), horizon=horizon)


def _survived(x: np.ndarray) -> np.ndarray:
    """Purchases at which the customer could have dropped out, and did not."""
    survived: np.ndarray = x + 1.0
    return survived
