"""The landing mixture: who does not order is where silence leads, and that is known today; only where an order leads
is forecast, half by orders simulated through the rule, half by what past buyers taught. P(segment) = (1 - p) [landing]
+ p (w S(segment | orders) + (1 - w) Q(segment | orders)), with p the chance of an order that is served."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.models.learners import multinomial_logistic
from foretell.models.learners.multinomial_logistic import FittedMultinomial
from foretell.segments.migration.moves import Moves
from foretell.segments.migration.transition_tables import Idle, surely, transition_table

NAME = "landing_mixture"
FORMULA = (
    "(1 - p) [landing] + p (w S(segment | orders) + (1 - w) Q(segment | orders)), S where simulated orders lead, Q a "
    "multinomial logistic (and a little of the shares of buyers), w = 1 - r^2 / 2, where r is the horizon that taught "
    "Q over the one asked for (w = 1 where fewer than 30 buyers taught), p the chance of an order that is served"
)
MOST_ROWS = 30_000
FEWEST_BUYERS = 30
TABLE_BUYERS = 100.0
"""How many buyers the table of shares weighs, against those who taught the regression."""
TAUGHT_SHARE = 0.5
"""What buyers taught weighs, beside what is simulated, where they taught over the horizon that is asked for."""


@dataclass(frozen=True)
class Buyers:
    """Where past buyers went: `regression` tells, and in part (`table_share`) `table` [segments, segments], the shares
    of buyers by their segment before."""

    regression: FittedMultinomial
    table: np.ndarray
    table_share: float

    def predict(self, asked: Moves) -> np.ndarray:
        """float64 [rows, segments]."""
        learned = self.regression.predict(asked.inputs)
        return np.asarray((1 - self.table_share) * learned + self.table_share * self.table[asked.start])


@dataclass(frozen=True)
class LandingMixture:
    """`idle` tells where a customer stands who does not order; where one does who orders, `taught` tells with the
    weight `taught_share`, None where too few buyers could teach, and simulated orders tell the rest."""

    idle: Idle
    taught: Buyers | None
    taught_share: float

    def predict(self, asked: Moves, chance: np.ndarray) -> np.ndarray:
        """float64 [rows, segments], rows summing to 1; `chance` is P(order in the horizon)."""
        return (1 - chance)[:, None] * self.idle.predict(asked) + chance[:, None] * self.buyers(asked)

    def buyers(self, asked: Moves) -> np.ndarray:
        """float64 [rows, segments]: where a customer stands who orders; where today, if nothing can tell."""
        if self.taught is None:
            return surely(asked.start, len(asked.segments)) if asked.simulated is None else asked.simulated
        if asked.simulated is None:
            return self.taught.predict(asked)
        taught = self.taught.predict(asked)
        return np.asarray(self.taught_share * taught + (1 - self.taught_share) * asked.simulated)


UNTAUGHT = LandingMixture(Idle(0.0, np.zeros((0, 0))), None, 0.0)
"""The mixture where there is no past to learn from: without an order, silence leads exactly where it leads."""


def fit(taught: Moves, possible: np.ndarray | None = None, of_horizon: float = 1.0) -> LandingMixture:
    """Learn from moves whose end is known; of orders, where 30 of them had one. `possible` bool [segments] are those
    that a buyer may be in; None for all. `of_horizon`, above 0 and at most 1, is the horizon of these moves over that
    of the moves that will be asked for: the shorter it is, the less weighs what it teaches."""
    end, ordered = taught.came()
    rows = np.flatnonzero(ordered)
    if len(rows) < FEWEST_BUYERS:
        return LandingMixture(Idle.of(taught), None, 0.0)
    allowed = np.ones(len(taught.segments), dtype=bool) if possible is None else possible
    share = TABLE_BUYERS / (TABLE_BUYERS + len(rows))
    table = _among(transition_table(taught.start[rows], end[rows], len(allowed), len(allowed)), allowed, end[rows])
    if len(rows) > MOST_ROWS:
        rows = np.sort(rows[np.argsort(taught.customer_key[rows], kind="stable")[:MOST_ROWS]])
    regression = multinomial_logistic.fit(taught.inputs[rows], end[rows], allowed)
    return LandingMixture(Idle.of(taught), Buyers(regression, table, share), TAUGHT_SHARE * of_horizon**2)


def _among(table: np.ndarray, allowed: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """The table without what is neither allowed nor was seen."""
    kept = allowed.copy()
    kept[seen] = True
    within = np.where(kept, table, 0.0)
    return np.asarray(within / within.sum(axis=1, keepdims=True))
