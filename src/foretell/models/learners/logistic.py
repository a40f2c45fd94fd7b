"""Penalised linear models on the shared design: logistic, Poisson and Tweedie regression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, cast

import numpy as np
from sklearn.linear_model import LogisticRegression, TweedieRegressor

from foretell.examples.examples import Examples
from foretell.models.contract import Contributions, State, closed
from foretell.models.design import Design, design_of, restored_design
from foretell.models.links import HIGHEST_LOG, bounded, from_link
from foretell.models.training_rows import finite_features, varied_rows
from foretell.project.objectives import Kind, Target

STRENGTH = 0.01
STRENGTH_OF_MEANS = 0.003
"""The C of scikit-learn: the weight of the rows' summed loss against half the squared coefficients.

Counts and amounts spread more than their deviance allows for, so they are held tighter."""


@dataclass(frozen=True)
class FittedLinear:
    """Intercept and one coefficient a column; the link is never beyond `highest` (no mean above any outcome seen)."""

    kind: Kind
    feature_names: tuple[str, ...]
    design: Design
    intercept: float
    coefficients: np.ndarray
    highest: float

    def predict(self, examples: Examples) -> np.ndarray:
        return from_link(self.link(examples), self.kind)

    def link(self, examples: Examples) -> np.ndarray:
        """The bounded linear predictor, summed column by column so that no row depends on its neighbours."""
        total = np.full(len(examples), self.intercept)
        for column, coefficient in zip(self._columns(examples), self.coefficients, strict=True):
            total += column * coefficient
        return bounded(np.minimum(total, self.highest), self.kind)

    def contributions(self, examples: Examples) -> Contributions:
        """Centred terms, an indicator's added to its feature's."""
        values = np.zeros((len(self.feature_names), len(examples)))
        terms = zip(self._columns(examples), self.coefficients, self.design.source, strict=True)
        for column, coefficient, feature in terms:
            values[feature] += column * coefficient
        return closed(self.intercept, self.feature_names, values.T, self.link(examples))

    def state(self) -> State:
        return {
            "kind": self.kind,
            "feature_names": "\n".join(self.feature_names),
            "intercept": self.intercept,
            "coefficients": self.coefficients,
            "highest": self.highest,
            **self.design.state(),
        }

    def _columns(self, examples: Examples) -> Iterator[np.ndarray]:
        return self.design.each_column(finite_features(examples))


def refitted(whole: FittedLinear, columns: np.ndarray, ordered: np.ndarray, kept: np.ndarray) -> FittedLinear:
    """A logistic regression once more on some columns of its design: the rows of `columns` [columns, rows] where `kept`
    says so; the others have no coefficient. It begins where the whole one ended, which saves most of the steps."""
    learner = _learner(is_begun=True)
    learner.coef_, learner.intercept_ = whole.coefficients[None, kept], np.array([whole.intercept])
    learner.fit(columns[kept].T, ordered)
    coefficients = np.zeros(len(kept))
    coefficients[kept] = learner.coef_[0]
    return replace(whole, intercept=float(learner.intercept_[0]), coefficients=coefficients)


def _learner(is_begun: bool = False) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, solver="newton-cholesky", max_iter=100, tol=1e-8, warm_start=is_begun)


def _restored(state: State) -> FittedLinear:
    return FittedLinear(
        cast(Kind, state["kind"]),
        tuple(str(state["feature_names"]).split("\n")),
        restored_design(state),
        float(cast(float, state["intercept"])),
        cast(np.ndarray, state["coefficients"]),
        float(cast(float, state["highest"])),
    )


class Logistic:
    """Logistic regression with a ridge."""

    name: ClassVar[str] = "logistic"
    kinds: ClassVar[frozenset[Kind]] = frozenset({"probability"})
    is_baseline: ClassVar[bool] = False
    formula: ClassVar[str] = f"logit p = b0 + sum of b x standardised log features, ridge with C = {STRENGTH}"

    def fit(self, examples: Examples, target: Target, seed: int) -> FittedLinear:
        rows, outcome = varied_rows(examples, target)
        features = finite_features(rows)
        design = design_of(features)
        learner = _learner()
        learner.fit(design.columns(features).T, outcome > 0.5)
        return FittedLinear(
            target.kind, rows.feature_names, design, float(learner.intercept_[0]), learner.coef_[0], HIGHEST_LOG
        )

    def restore(self, state: State) -> FittedLinear:
        return _restored(state)


class PoissonRegression:
    """Poisson regression with a ridge."""

    name: ClassVar[str] = "poisson_regression"
    kinds: ClassVar[frozenset[Kind]] = frozenset({"count"})
    is_baseline: ClassVar[bool] = False
    formula: ClassVar[str] = "log mean = b0 + sum of b x standardised log features, Poisson deviance with a ridge"
    power: ClassVar[float] = 1.0

    def fit(self, examples: Examples, target: Target, seed: int) -> FittedLinear:
        rows, outcome = varied_rows(examples, target)
        features = finite_features(rows)
        design = design_of(features)
        unit = float(outcome.mean())
        penalty = 1.0 / (STRENGTH_OF_MEANS * len(outcome))
        learner = TweedieRegressor(
            power=self.power, alpha=penalty, link="log", solver="newton-cholesky", max_iter=200, tol=1e-7
        )
        learner.fit(design.columns(features).T, outcome / unit)
        intercept = float(learner.intercept_) + float(np.log(unit))
        highest = float(np.log(outcome.max()))
        return FittedLinear(target.kind, rows.feature_names, design, intercept, learner.coef_, highest)

    def restore(self, state: State) -> FittedLinear:
        return _restored(state)


class TweedieRegression(PoissonRegression):
    """Tweedie regression (power 1.5: many zeros, a long tail) with a ridge."""

    name: ClassVar[str] = "tweedie_regression"
    kinds: ClassVar[frozenset[Kind]] = frozenset({"amount"})
    formula: ClassVar[str] = (
        "log mean = b0 + sum of b x standardised log features, Tweedie deviance of power 1.5 with a ridge"
    )
    power: ClassVar[float] = 1.5
