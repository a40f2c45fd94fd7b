"""The linear members: logistic regression on straight terms, and on splines of normal scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from sklearn.linear_model import LogisticRegression

from foretell.examples.flat.table import FlatTable
from foretell.models.contract import CannotFit, Contributions
from foretell.models.flat.terms import Terms, terms_of
from foretell.models.links import bounded, closed


@dataclass(frozen=True)
class FittedTerms:
    """Intercept and one coefficient a term; `centre` is the mean of each term where it was learned."""

    names: tuple[str, ...]
    terms: Terms
    intercept: float
    coefficients: np.ndarray
    centre: np.ndarray

    def link(self, table: FlatTable) -> np.ndarray:
        moved = (self.terms.matrix(table) * self.coefficients).sum(axis=1)
        return bounded(moved + self.intercept, "probability")

    def contributions(self, table: FlatTable) -> Contributions:
        """Centred terms, added up by column."""
        moved = (self.terms.matrix(table) - self.centre) * self.coefficients
        values = np.zeros((len(table), len(self.names)))
        for term, column in enumerate(self.terms.source()):
            values[:, column] += moved[:, term]
        base = self.intercept + float((self.centre * self.coefficients).sum())
        return closed(base, self.names, values, self.link(table))


class PlainLogistic:
    """Logistic regression on standardised numbers and one term a category."""

    name: ClassVar[str] = "plain_logistic"
    formula: ClassVar[str] = "logit p = b0 + sum of b x standardised numbers and categories, ridge with C = 1"
    splines: ClassVar[bool] = False
    strength: ClassVar[float] = 1.0

    def fit(self, table: FlatTable, outcome: np.ndarray, seed: int) -> FittedTerms:
        terms = terms_of(table, self.splines)
        design = terms.matrix(table)
        if not design.shape[1]:
            raise CannotFit("every column is the same for all rows")
        centre = design.mean(axis=0)
        scale = np.maximum(design.std(axis=0), 1e-6) if self.splines else np.ones(len(centre))
        learner = LogisticRegression(C=self.strength, solver="newton-cholesky", max_iter=100, tol=1e-6)
        learner.fit((design - centre) / scale, outcome > 0.5)
        coefficients = learner.coef_[0] / scale
        intercept = float(learner.intercept_[0] - (centre * coefficients).sum())
        return FittedTerms(table.names, terms, intercept, coefficients, centre)


class SplineLogistic(PlainLogistic):
    """Logistic regression on cubic splines of numbers made normal by their ranks."""

    name: ClassVar[str] = "spline_logistic"
    formula: ClassVar[str] = (
        "logit p = b0 + sum of standardised cubic splines (5 knots) of normal scores and categories, C = 0.03"
    )
    splines: ClassVar[bool] = True
    strength: ClassVar[float] = 0.03
