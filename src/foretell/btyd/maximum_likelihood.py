"""Maximum likelihood over positive parameters, from several starts, with the gradient given."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import minimize

from foretell.btyd.summary import CannotFit

LOG_BOUNDS = (-11.0, 11.0)
STEEPEST_AT_OPTIMUM = 1e-4

LogLikelihood = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""Parameters [k] to (log-likelihood [rows], its derivatives by each parameter [k, rows])."""


def maximise(
    log_likelihood: LogLikelihood, weights: np.ndarray, starts: Sequence[Sequence[float]]
) -> tuple[np.ndarray, float]:
    """The positive parameters of highest weighted log-likelihood, and that log-likelihood.

    The search runs on log-parameters, bounded so that a ridge (everybody alike) still ends in finite numbers. Where the
    first start ends level and inside the bounds, that is the maximum; else every start is tried, and the highest taken.
    Raises `CannotFit` where no start ends in a finite, level place.
    """
    total = float(weights.sum())

    def objective(log_parameters: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = np.exp(log_parameters)
        rows, derivatives = log_likelihood(parameters)
        value = -float((weights * rows).sum()) / total
        gradient = -(weights * derivatives).sum(axis=1) * parameters / total
        if not (np.isfinite(value) and np.isfinite(gradient).all()):
            return 1e10, np.zeros_like(log_parameters)
        return value, gradient

    best: tuple[float, np.ndarray] | None = None
    for start in starts:
        found = minimize(
            objective,
            np.clip(np.log(np.asarray(start, dtype=np.float64)), *LOG_BOUNDS),
            jac=True,
            method="L-BFGS-B",
            bounds=[LOG_BOUNDS] * len(start),
            options={"maxiter": 2000, "maxfun": 4000, "ftol": 1e-14, "gtol": 1e-9, "maxcor": 20},
        )
        if found.fun < 1e9 and (best is None or found.fun < best[0] - 1e-12) and _is_level(found.x, found.jac):
            best = float(found.fun), found.x
            if np.abs(found.x).max() < LOG_BOUNDS[1] - 1.0:
                break
    if best is None:
        raise CannotFit("the likelihood has no maximum that the search could reach")
    return np.exp(best[1]), -best[0] * total


def _is_level(log_parameters: np.ndarray, gradient: np.ndarray) -> bool:
    """Whether no step inside the bounds gets any higher."""
    low, high = LOG_BOUNDS
    held = ((log_parameters <= low + 1e-9) & (gradient > 0)) | ((log_parameters >= high - 1e-9) & (gradient < 0))
    return bool(np.abs(np.where(held, 0.0, gradient)).max() < STEEPEST_AT_OPTIMUM)
