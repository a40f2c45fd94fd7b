"""A customer's own past rate: what happened over the horizon's length, time after time since the first order.

    P(order) = (ordered + mean) / (windows + 1)
    orders   = (orders after the first + mean) / (age / horizon + 1)
    spend    = (spend after the first day + mean) / (age / horizon + 1)

`windows` are stretches of the horizon's length, counted back from the cutoff, that begin after the first order, and
`ordered` those of them with one. `mean` is the mean outcome of the training rows: one horizon of it stands in for what
is not known of a customer yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from foretell.examples.examples import Examples
from foretell.models.baselines.outcome_table import shrunk_mean
from foretell.models.baselines.simple_rules import EVERY_KIND
from foretell.models.contract import Contributions, State
from foretell.models.links import from_link, to_link
from foretell.models.training_rows import training_rows
from foretell.project.objectives import Kind, Target

TOLD_AS: dict[Kind, str] = {
    "probability": "past_windows_ordered",
    "count": "lifetime_orders",
    "amount": "repeat_value_mean",
}


@dataclass(frozen=True)
class FittedOwnRate:
    """The own rate, and the `mean` that stands in for one horizon; explained as the fact that it counts."""

    kind: Kind
    mean: float

    def predict(self, examples: Examples) -> np.ndarray:
        return from_link(self._link(examples), self.kind)

    def contributions(self, examples: Examples) -> Contributions:
        base = float(to_link(np.array(self.mean), self.kind))
        return Contributions(base, (TOLD_AS[self.kind],), (self._link(examples) - base)[:, None])

    def state(self) -> State:
        return dict(vars(self))

    def _link(self, examples: Examples) -> np.ndarray:
        facts = examples.facts
        windows = facts["observed_days"] / examples.horizon_days
        if self.kind == "probability":
            happened, windows = facts["past_windows_ordered"], facts["past_windows"]
        elif self.kind == "count":
            happened = facts["lifetime_orders"] - 1
        else:
            happened = facts["repeat_value_mean"] * (facts["purchase_days"] - 1)
        return to_link((happened + self.mean) / (windows + 1), self.kind)


class OwnRate:
    """Who ordered in two of three months orders with a chance of two in three."""

    name: ClassVar[str] = "own_rate"
    kinds: ClassVar[frozenset[Kind]] = EVERY_KIND
    is_baseline: ClassVar[bool] = True
    formula: ClassVar[str] = (
        "probabilities: the share of own past windows of the horizon's length with an order; counts and amounts: those "
        "after the first order, an own past horizon; one horizon of the mean outcome added"
    )

    def fit(self, examples: Examples, target: Target, seed: int) -> FittedOwnRate:
        _, outcome = training_rows(examples, target)
        return FittedOwnRate(target.kind, shrunk_mean(outcome, target.kind))

    def restore(self, state: State) -> FittedOwnRate:
        return FittedOwnRate(**state)
