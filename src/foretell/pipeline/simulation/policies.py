"""Policies: whom each of them would write to in a week, and what that truly earns, by what is planted in the shop.

All choose from the same customers, who may be reached in that week, with the same money. What is earned is what is to
be expected, not what was drawn: margin times the spend that a contact adds in full, less the contact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foretell.pipeline.simulation.asked import COST, MARGIN

OURS, PLANNED = "ours", "ours, without those drawn to learn from"
RANDOM, IN_ORDER, BY_RISK, NOTHING = "random", "treat all, till the money is spent", "by risk", "nothing"
EVERYBODY, BEST = "treat all, whatever it costs", "the best there is, by the truth"
RIVALS = (RANDOM, IN_ORDER, BY_RISK, NOTHING)
"""What a shop could do instead with the same money, knowing no more."""
POLICIES = (OURS, PLANNED, RANDOM, IN_ORDER, BY_RISK, NOTHING, EVERYBODY, BEST)


@dataclass(frozen=True)
class Choosing:
    """The customers who may be reached in a week, in the order of the scores: `extra_spend` that a contact truly adds,
    `chance` that an order comes without one as it was forecast; bool `treated` is whom the loop wrote to, `chosen` whom
    it found worth a letter; `places` is for how many letters the money is enough."""

    extra_spend: np.ndarray
    chance: np.ndarray
    treated: np.ndarray
    chosen: np.ndarray
    places: int

    @property
    def profit(self) -> np.ndarray:
        """float64 [customers]: what writing to each truly earns."""
        return MARGIN * self.extra_spend - COST


@dataclass(frozen=True)
class Earned:
    """What a policy came to: letters, and the profit that is truly to be expected of them, in currency."""

    contacts: float
    profit: float


def earned(week: Choosing) -> Mapping[str, Earned]:
    """What each policy earns in a week."""
    return {name: Earned(float(share.sum()), float(share @ week.profit)) for name, share in _shares(week)}


def _shares(week: Choosing) -> list[tuple[str, np.ndarray]]:
    """Of each policy the chance of each customer to get a letter, float64 [customers]."""
    count = len(week.profit)
    places = min(week.places, count)
    everybody = np.ones(count)

    def first(by: np.ndarray) -> np.ndarray:
        share = np.zeros(count)
        share[np.argsort(by, kind="stable")[:places]] = 1
        return share

    chosen = week.chosen.astype(np.float64)
    return [
        (OURS, week.treated.astype(np.float64)),
        (PLANNED, chosen * min(1.0, places / max(chosen.sum(), 1.0))),
        (RANDOM, everybody * (places / max(count, 1))),
        (IN_ORDER, first(np.arange(count))),
        (BY_RISK, first(week.chance)),
        (NOTHING, 0 * everybody),
        (EVERYBODY, everybody),
        (BEST, first(-week.profit) * (week.profit > 0)),
    ]
