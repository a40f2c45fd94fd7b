"""A regression on recency, frequency, money, age and rhythm: the few facts that hold from one window to the next.

A hundred features tell more where thousands of customers teach; where few do, or where a window is unlike the ones
before, most of what they tell is chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit, Contributions, State
from foretell.models.learners.logistic import FittedLinear, Logistic, PoissonRegression, TweedieRegression
from foretell.project.objectives import Kind, Target

FEW_FEATURES = (
    "days_since_last_order",
    "orders_life",
    "age_days",
    "gap_days_mean",
    "order_value_mean_life",
    "spend_life",
)
LINEAR: dict[Kind, Logistic | PoissonRegression] = {
    "probability": Logistic(),
    "count": PoissonRegression(),
    "amount": TweedieRegression(),
}


@dataclass(frozen=True)
class FittedRfmRegression:
    """The linear model of the few features that the rows have."""

    linear: FittedLinear

    def predict(self, examples: Examples) -> np.ndarray:
        return self.linear.predict(self._few(examples))

    def contributions(self, examples: Examples) -> Contributions:
        """Centred terms of the few features."""
        return self.linear.contributions(self._few(examples))

    def state(self) -> State:
        return self.linear.state()

    def _few(self, examples: Examples) -> Examples:
        return examples.with_features(self.linear.feature_names)


class RfmRegression:
    """The linear model of the kind of outcome, with its ridge, on few features."""

    name: ClassVar[str] = "rfm_regression"
    kinds: ClassVar[frozenset[Kind]] = frozenset(LINEAR)
    is_baseline: ClassVar[bool] = False
    formula: ClassVar[str] = f"link = b0 + sum of b x standardised log of {', '.join(FEW_FEATURES)}, with a ridge"

    def fit(self, examples: Examples, target: Target, seed: int) -> FittedRfmRegression:
        few = [name for name in FEW_FEATURES if name in examples.feature_names]
        if not few:
            raise CannotFit("the rows have none of its features")
        return FittedRfmRegression(LINEAR[target.kind].fit(examples.with_features(few), target, seed))

    def restore(self, state: State) -> FittedRfmRegression:
        return FittedRfmRegression(LINEAR[state["kind"]].restore(state))
