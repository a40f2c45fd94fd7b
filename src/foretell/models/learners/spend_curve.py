"""A chance along expected spend: a logistic curve on its logarithm, which may bend once, at the upper fifth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from sklearn.linear_model import LogisticRegression

from foretell.models.contract import CannotFit, State
from foretell.models.links import from_link

SMALLEST = 1e-6
BEND = 0.8


@dataclass(frozen=True)
class SpendCurve:
    """`intercept + slopes[0] x log spend + slopes[1] x (log spend above the knot)` is the logit."""

    knot: float
    intercept: float
    slopes: np.ndarray

    def at(self, expected_spend: np.ndarray) -> np.ndarray:
        """float64: the chance at each expected spend."""
        log_spend = np.log(np.maximum(expected_spend, SMALLEST))
        beyond = np.maximum(log_spend - self.knot, 0.0)
        return from_link(self.intercept + self.slopes[0] * log_spend + self.slopes[1] * beyond, "probability")

    def state(self) -> State:
        """Numbers and the array of slopes."""
        return {"curve_knot": self.knot, "curve_intercept": self.intercept, "curve_slopes": self.slopes}


def curve_along(expected_spend: np.ndarray, outcome: np.ndarray) -> SpendCurve:
    """The curve of highest likelihood under a weak ridge; raises `CannotFit` where the outcomes are all alike."""
    if outcome.min() == outcome.max():
        raise CannotFit(f"all {len(outcome)} rows have the same outcome")
    log_spend = np.log(np.maximum(expected_spend, SMALLEST))
    knot = float(np.quantile(log_spend, BEND))
    columns = np.column_stack([log_spend, np.maximum(log_spend - knot, 0.0)])
    centre, scale = columns.mean(axis=0), columns.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    learner = LogisticRegression(C=1.0, solver="newton-cholesky", max_iter=100, tol=1e-8)
    learner.fit((columns - centre) / scale, outcome > 0.5)
    slopes = learner.coef_[0] / scale
    return SpendCurve(knot, float(learner.intercept_[0] - (slopes * centre).sum()), slopes)


def restored_curve(state: State) -> SpendCurve:
    """The curve of a stored state."""
    knot, intercept = (float(cast(float, state[f"curve_{name}"])) for name in ("knot", "intercept"))
    return SpendCurve(knot, intercept, cast(np.ndarray, state["curve_slopes"]))
