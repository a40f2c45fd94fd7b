"""A drawn problem: customers with chances, orders and money, and several offers on two channels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.actions.planning.worth import Expected, Worth, worth_of
from foretell.actions.playbook import Playbook, playbook_of
from foretell.project.parts.actions import OfferPart, PlaybookPart

OFFERS = (
    OfferPart(name="guide", channel="email", cost=0.02),
    OfferPart(name="voucher", channel="email", cost=0.02, takes_off="10 %", valid_days=14),
    OfferPart(name="letter", channel="post", cost=0.9),
    OfferPart(name="call", channel="phone", cost=4.0),
)
EFFECTS = np.array([0.006, 0.02, 0.02, 0.06])[:, None]
REACHED = np.array([0.8, 0.8, 0.9, 0.4])[:, None]
MARGIN = 0.4


@dataclass(frozen=True)
class Problem:
    """`profit` and `cost` float64 [offers, customers], -inf where an offer may not reach somebody."""

    profit: np.ndarray
    cost: np.ndarray


def people(customers: int, seed: int) -> Expected:
    """Customers whose rates and money differ as those of shops do: gamma rates, log-normal order values."""
    random = np.random.default_rng(seed)
    orders = random.gamma(0.6, 0.8, customers)
    value = random.lognormal(3.6, 0.7, customers)
    return Expected(1 - np.exp(-orders), orders, orders * value, 3 * orders * value, np.sqrt(orders) * value)


def playbook() -> Playbook:
    """One with all the offers."""
    part = PlaybookPart(name="bench", when="orders_life > 0", offers=tuple(offer.name for offer in OFFERS))
    return playbook_of(part, OFFERS, {"orders_life": "number"})


def problem(customers: int, seed: int = 0) -> Problem:
    """Who could get what, and what it would bring; each offer works as well as `EFFECTS` says, times a factor of the
    customer's own."""
    random = np.random.default_rng(seed + 1)
    worth: Worth = worth_of(playbook(), people(customers, seed), MARGIN)
    effect = np.minimum(EFFECTS * random.gamma(2, 0.5, customers), worth.room)
    profit = effect * worth.gain - worth.anyway - worth.cost
    profit[random.random(profit.shape) > REACHED] = -np.inf
    return Problem(profit, np.array([offer.cost for offer in OFFERS])[:, None])
