"""The landing mixture: who does not order is where silence leads, and that is known today; only where an order leads
is learned. P(segment) = (1 - p) [landing] + p Q(segment | orders), with p the chance of an order that is served."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.models.learners import multinomial_logistic
from foretell.models.learners.multinomial_logistic import FittedMultinomial
from foretell.segments.migration.moves import Moves
from foretell.segments.migration.transition_tables import Idle, transition_table

NAME = "landing_mixture"
FORMULA = (
    "(1 - p) [landing] + p Q(segment | orders), Q a multinomial logistic (and a little of the shares of buyers), p the "
    "chance of an order that is served"
)
MOST_ROWS = 30_000
FEWEST_BUYERS = 30
TABLE_BUYERS = 100.0
"""How many buyers the table of shares weighs, against those who taught the regression."""


@dataclass(frozen=True)
class LandingMixture:
    """`idle` tells where a customer stands who does not order; where one does who orders, `after_order` tells, and in
    part (`table_share`) `table` [segments, segments], the shares of buyers by their segment before."""

    idle: Idle
    after_order: FittedMultinomial
    table: np.ndarray
    table_share: float

    def predict(self, asked: Moves, chance: np.ndarray) -> np.ndarray:
        """float64 [rows, segments], rows summing to 1; `chance` is P(order in the horizon)."""
        return (1 - chance)[:, None] * self.idle.predict(asked) + chance[:, None] * self.buyers(asked)

    def buyers(self, asked: Moves) -> np.ndarray:
        """float64 [rows, segments]: where a customer stands who orders."""
        learned = self.after_order.predict(asked.inputs)
        return np.asarray((1 - self.table_share) * learned + self.table_share * self.table[asked.start])


def fit(taught: Moves, possible: np.ndarray | None = None) -> LandingMixture | None:
    """Learn from moves whose end is known; None where fewer than 30 of them had an order. `possible` bool [segments]
    are those that a buyer may be in; None for all."""
    end, ordered = taught.came()
    if ordered.sum() < FEWEST_BUYERS:
        return None
    allowed = np.ones(len(taught.segments), dtype=bool) if possible is None else possible
    rows = np.flatnonzero(ordered)
    share = TABLE_BUYERS / (TABLE_BUYERS + len(rows))
    table = _among(transition_table(taught.start[rows], end[rows], len(allowed), len(allowed)), allowed, end[rows])
    if len(rows) > MOST_ROWS:
        rows = np.sort(rows[np.argsort(taught.customer_key[rows], kind="stable")[:MOST_ROWS]])
    learned = multinomial_logistic.fit(taught.inputs[rows], end[rows], allowed)
    return LandingMixture(Idle.of(taught), learned, table, share)


def _among(table: np.ndarray, allowed: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """The table without what is neither allowed nor was seen."""
    kept = allowed.copy()
    kept[seen] = True
    within = np.where(kept, table, 0.0)
    return np.asarray(within / within.sum(axis=1, keepdims=True))
