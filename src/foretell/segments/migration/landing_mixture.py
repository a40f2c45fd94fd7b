"""The landing mixture: who does not order is where silence leads, and that is known today; only where an order leads
is learned. P(segment) = (1 - p) [landing] + p Q(segment | orders), with p the chance of an order that is served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foretell.models import multinomial_logistic
from foretell.models.multinomial_logistic import FittedMultinomial, restored_multinomial
from foretell.segments.migration.moves import Moves
from foretell.segments.migration.transition_tables import Idle

NAME = "landing_mixture"
FORMULA = "(1 - p) [landing] + p Q(segment | orders), Q a multinomial logistic, p the chance of an order that is served"
MOST_ROWS = 30_000
FEWEST_BUYERS = 30


@dataclass(frozen=True)
class LandingMixture:
    """`idle` tells where a customer stands who does not order, `after_order` where one does who orders."""

    idle: Idle
    after_order: FittedMultinomial

    def predict(self, asked: Moves, chance: np.ndarray) -> np.ndarray:
        """float64 [rows, segments], rows summing to 1; `chance` is P(order in the horizon)."""
        return (1 - chance)[:, None] * self.idle.predict(asked) + chance[:, None] * self.buyers(asked)

    def buyers(self, asked: Moves) -> np.ndarray:
        """float64 [rows, segments]: where a customer stands who orders."""
        return self.after_order.predict(asked.inputs)

    def state(self) -> dict[str, np.ndarray]:
        """All that `restored_mixture` needs."""
        own = {"idle_share": np.array(self.idle.share), "idle_table": self.idle.table}
        return {**own, **self.after_order.state()}


def fit(taught: Moves, possible: np.ndarray | None = None) -> LandingMixture | None:
    """Learn from moves whose end is known; None where fewer than 30 of them had an order. `possible` bool [segments]
    are those that a buyer may be in; None for all."""
    end, ordered = taught.came()
    if ordered.sum() < FEWEST_BUYERS:
        return None
    rows = np.flatnonzero(ordered)
    if len(rows) > MOST_ROWS:
        rows = np.sort(rows[np.argsort(taught.customer_key[rows], kind="stable")[:MOST_ROWS]])
    learned = multinomial_logistic.fit(
        taught.inputs[rows], end[rows], np.ones(len(taught.segments), dtype=bool) if possible is None else possible
    )
    return LandingMixture(Idle.of(taught), learned)


def restored_mixture(state: Mapping[str, np.ndarray]) -> LandingMixture:
    """The mixture of a stored state."""
    return LandingMixture(Idle(float(state["idle_share"]), state["idle_table"]), restored_multinomial(state))
