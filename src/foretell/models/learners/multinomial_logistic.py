"""Multinomial logistic regression on a matrix: which of several classes, with a ridge; stored as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

STRENGTH = 0.03
ITERATIONS = 200
LEAST_SEEN, LEAST_UNSEEN = 1e-4, 1e-3
"""What a possible class is given on top: one that was seen, and one that was not, of which nothing was learned."""


@dataclass(frozen=True)
class FittedMultinomial:
    """`coefficients` float64 [classes, inputs] on inputs less `center` over `scale`; -inf in `intercepts` stands for a
    class that nobody was in, `least` is what every class is given on top."""

    center: np.ndarray
    scale: np.ndarray
    coefficients: np.ndarray
    intercepts: np.ndarray
    least: np.ndarray

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """float64 [rows, classes], rows summing to 1."""
        link = (inputs - self.center) / self.scale @ self.coefficients.T + self.intercepts
        link -= link.max(axis=1, keepdims=True)
        chance = np.exp(link)
        chance = chance / chance.sum(axis=1, keepdims=True) + self.least
        return np.asarray(chance / chance.sum(axis=1, keepdims=True))


def fit(inputs: np.ndarray, outcome: np.ndarray, possible: np.ndarray) -> FittedMultinomial:
    """Learn from float64 [rows, inputs] (finite) and int64 classes; `possible` bool [classes] are those that may
    come: others that were not seen get nothing."""
    center, scale = inputs.mean(axis=0), inputs.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    classes = len(possible)
    coefficients = np.zeros((classes, inputs.shape[1]))
    intercepts = np.full(classes, -np.inf)
    seen = np.unique(outcome)
    least = np.where(possible, LEAST_UNSEEN, 0.0)
    least[seen] = LEAST_SEEN
    if len(seen) == 1:
        intercepts[seen] = 0.0
        return FittedMultinomial(center, scale, coefficients, intercepts, least)
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  not needed to read what was learned

    learner = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS, tol=1e-3)
    learner.fit((inputs - center) / scale, outcome)
    if len(seen) == 2:
        coefficients[seen[1]], intercepts[seen] = learner.coef_[0], [0.0, learner.intercept_[0]]
    else:
        coefficients[seen], intercepts[seen] = learner.coef_, learner.intercept_
    return FittedMultinomial(center, scale, coefficients, intercepts, least)
