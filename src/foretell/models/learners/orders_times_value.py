"""Expected spend as expected orders times the value of an order.

    m = orders x gamma_gamma^(1 - w) x own^w

Trees and linear models on logs cannot follow a wholesaler to where nobody has been; the value of an order can: it is
the customer's own mean, half of it (on the log scale) drawn to that of all by Gamma-Gamma.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import ClassVar, cast

import numpy as np

from foretell.btyd import gamma_gamma
from foretell.btyd.estimated_once import estimated
from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit, Contributions, Fitted, Model, State, closed
from foretell.models.fitted_once import FittedOnce
from foretell.models.links import bounded, from_link, to_link
from foretell.project.objectives import TARGETS, Kind, Target

OWN_SHARE = 0.4
ORDER_VALUE = "repeat_value_mean"
LEAST_SHARE_OF_MEAN = 1e-3


@dataclass(frozen=True)
class FittedOrdersTimesValue:
    """A fitted model of counts, the spread of order values, and their mean over everybody."""

    counts: Fitted
    value: gamma_gamma.GammaGammaParameters
    mean_value: float
    orders_per_day: float

    def predict(self, examples: Examples) -> np.ndarray:
        return from_link(self.link(examples), "amount")

    def link(self, examples: Examples) -> np.ndarray:
        """Log of orders plus log of their value."""
        return bounded(to_link(self.counts.predict(examples), "count") + self._log_value(examples), "amount")

    def contributions(self, examples: Examples) -> Contributions:
        """Those of the count, and what the value of an order adds to the mean value."""
        own = self.counts.contributions(examples)
        base = float(np.log(self.mean_value))
        values = np.column_stack([own.values, self._log_value(examples) - base])
        return closed(own.base + base, (*own.names, ORDER_VALUE), values, self.link(examples))

    def state(self) -> State:
        value = {f"value_{key}": number for key, number in asdict(self.value).items()}
        counts = {f"counts/{key}": part for key, part in self.counts.state().items()}
        return {**counts, **value, "mean_value": self.mean_value, "orders_per_day": self.orders_per_day}

    def _log_value(self, examples: Examples) -> np.ndarray:
        return log_value_of_an_order(examples, self.value, self.mean_value, self.orders_per_day)


def log_value_of_an_order(
    examples: Examples, value: gamma_gamma.GammaGammaParameters, mean_value: float, orders_per_day: float
) -> np.ndarray:
    """float64 [customers]: log of the value of an order (currency), from the spread of values, their mean over
    everybody, and how many orders a purchase day holds."""
    facts = {name: np.asarray(values, dtype=np.float64) for name, values in examples.facts.items()}
    of_day = gamma_gamma.expected_value(value, facts["purchase_days"] - 1.0, facts["repeat_value_mean"])
    shrunk = np.maximum(of_day / orders_per_day, LEAST_SHARE_OF_MEAN * mean_value)
    own = np.maximum(facts["lifetime_spend"] / facts["lifetime_orders"], LEAST_SHARE_OF_MEAN * mean_value)
    return np.asarray((1 - OWN_SHARE) * np.log(shrunk) + OWN_SHARE * np.log(own))


class OrdersTimesValue:
    """A model of counts times Gamma-Gamma and the customer's own mean."""

    name: ClassVar[str] = "orders_times_value"
    kinds: ClassVar[frozenset[Kind]] = frozenset({"amount"})
    is_baseline: ClassVar[bool] = False
    formula: ClassVar[str] = "expected orders (blend of counts) x Gamma-Gamma value^.6 x own mean value^.4"

    def __init__(self, counts: Model) -> None:
        self.counts = counts

    def fit(
        self, examples: Examples, target: Target, seed: int, known: FittedOnce | None = None
    ) -> FittedOrdersTimesValue:
        """Learn as every model does; `known` holds what was fitted to the same rows already."""
        newest = examples.take(examples.cutoff == examples.cutoff.max()) if len(examples) else examples
        facts = {name: np.asarray(values, dtype=np.float64) for name, values in newest.facts.items()}
        orders, spend = facts["lifetime_orders"].sum(), facts["lifetime_spend"].sum()
        if not spend > 0:
            raise CannotFit("nobody has spent anything yet")
        value = estimated(
            gamma_gamma.fit, gamma_gamma.summarised(facts["purchase_days"] - 1.0, facts["repeat_value_mean"])
        )
        counts = (known or FittedOnce(examples, seed)).fit(self.counts, TARGETS["orders"])
        per_day = float(orders / facts["purchase_days"].sum())
        return FittedOrdersTimesValue(counts, value, float(spend / orders), per_day)

    def restore(self, state: State) -> FittedOrdersTimesValue:
        counts = {key.removeprefix("counts/"): part for key, part in state.items() if key.startswith("counts/")}
        named = {key.removeprefix("value_"): part for key, part in state.items() if key.startswith("value_")}
        return FittedOrdersTimesValue(
            self.counts.restore(counts),
            gamma_gamma.GammaGammaParameters(**{key: float(cast(float, part)) for key, part in named.items()}),
            float(cast(float, state["mean_value"])),
            float(cast(float, state["orders_per_day"])),
        )
