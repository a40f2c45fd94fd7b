"""The choice of a later campaign: who is worth a contact, and with which offer, within budget and capacity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from foretell.actions.arms import EXPLORED_SHARE
from foretell.actions.drawing import Chosen
from foretell.actions.planning.allocation import NOTHING, Allocation, Options
from foretell.actions.planning.curve import Curve, curve_of
from foretell.actions.planning.worth import Worth
from foretell.actions.playbook import Playbook

NOT_OPEN = -np.inf


@dataclass(frozen=True)
class Choice:
    """`best` is what each customer would get within the limits, `worth_it` to how many some contact brings more than it
    costs; `options` are theirs, `cost` [options, customers] in money, `budget` and `capacity`
    the most money and contacts."""

    best: Allocation
    worth_it: int
    options: Options
    cost: np.ndarray
    budget: float
    capacity: float

    @cached_property
    def curve(self) -> Curve:
        """What other budgets would bring."""
        return curve_of(self.options, self.cost, self.capacity)

    @property
    def price_money(self) -> float:
        """What one more euro of budget would bring; 0 where it is not the budget that holds the plan back."""
        return self.best.prices[0]

    @property
    def price_contact(self) -> float:
        """What one more contact would bring; 0 where it is not the capacity that holds the plan back."""
        return self.best.prices[1]

    def chosen(self) -> Chosen:
        """Who is chosen, as a draw of arms takes it."""
        return Chosen(self.best.option != NOTHING, np.maximum(self.best.option, 0))


def choice_of(
    playbook: Playbook, worth: Worth, effect: float | np.ndarray, may: np.ndarray, holdout: float = 0.0
) -> Choice:
    """Who is worth a contact that adds `effect` to the chance of an order, the same for all or float64 [offers,
    customers]; `may` is bool of that shape.

    Whoever is kept aside costs nothing, so that as many more are chosen as the share `holdout` takes away; of budget
    and capacity the share that goes to anybody at random is left.
    """
    profit = np.where(may, worth.profit(effect), NOT_OPEN)
    cost = np.array([offer.cost for offer in playbook.offers] or [0.0])[:, None]
    options = Options(profit, (cost, np.ones_like(cost)))
    part, share = playbook.part, (1 - EXPLORED_SHARE) / max(1 - holdout, 1e-9)
    budget = np.inf if part.budget is None else part.budget * share
    capacity = np.inf if part.capacity is None else part.capacity * share
    best = options.allocated((budget, capacity))
    worth_it = int((profit.max(axis=0, initial=NOT_OPEN) > 0).sum())
    return Choice(best, worth_it, options, cost, budget, capacity)
