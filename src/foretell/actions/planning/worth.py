"""The worth of a contact: expected incremental profit of each offer for each customer.

    profit = effect x (value of what it adds - what is taken off that order) - cost - taken off what would come anyway

The last part is what a plan that counts redeemed vouchers forgets: whoever would have ordered anyway takes the
discount too. It is counted on every order that is expected without contact while the offer is valid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.actions.playbook import Playbook
from foretell.project.parts.actions import OfferPart

NO_OFFER = OfferPart(name="no offer", channel="any")
"""What a playbook without offers does: contact that costs nothing."""
LEAST_ORDERS = 1e-9


@dataclass(frozen=True)
class Expected:
    """What is expected of each customer in the window without contact: float64 [customers] each. `chance` of an order,
    `orders`, `spend`, `lifetime` (profit of the next twelve months, after margin, NaN: not told), and `spread`, the
    standard deviation of one customer's spend."""

    chance: np.ndarray
    orders: np.ndarray
    spend: np.ndarray
    lifetime: np.ndarray
    spread: np.ndarray

    @property
    def order_value(self) -> np.ndarray:
        """Money of one order."""
        return np.divide(self.spend, self.orders, out=np.zeros(len(self.spend)), where=self.orders > LEAST_ORDERS)

    def taken(self, rows: np.ndarray) -> Expected:
        """Of some rows."""
        return Expected(*(getattr(self, name)[rows] for name in self.__annotations__))


@dataclass(frozen=True)
class Worth:
    """float64 [offers, customers] each, money. `gain` is what an effect of 1 would add, `anyway` what is taken off
    orders that would come without contact, `cost` that of the contact; `room` [customers] is the most that can be
    added to a chance; `spread` [customers] the relative error of what is forecast of one customer's spend."""

    gain: np.ndarray
    anyway: np.ndarray
    cost: np.ndarray
    room: np.ndarray

    def profit(self, effect: float | np.ndarray) -> np.ndarray:
        """Expected incremental profit of a contact that adds `effect` to the chance of an order, the same for all or
        float64 [offers, customers]."""
        return np.asarray(self.added(effect) - self.anyway - self.cost)

    def added(self, effect: float | np.ndarray) -> np.ndarray:
        """What the contact adds, after what its offer takes off the order."""
        return np.asarray(np.minimum(effect, self.room) * self.gain)

    @property
    def money(self) -> np.ndarray:
        """What a contact is expected to cost: itself, and what its offer takes off orders that would come anyway."""
        return np.asarray(self.cost + self.anyway)


def worth_of(playbook: Playbook, expected: Expected, margin: float) -> Worth:
    """The worth of each of a playbook's offers (one row of no offer where it has none); `margin` is the share of spend
    that is margin.

    An added order is worth its money times margin. Where the goal is staying it is worth what the customer is expected
    to bring in twelve months where that is more. What an offer takes off comes off profit in full, never times margin.
    """
    value = expected.order_value * margin
    if playbook.part.goal == "staying":
        value = np.fmax(value, expected.lifetime)
    offers: Sequence[OfferPart] = playbook.offers or (NO_OFFER,)
    off = np.array([_taken_off(offer, expected.order_value) for offer in offers])
    valid = np.array([offer.valid_days / playbook.window_days for offer in offers])[:, None]
    cost = np.array([offer.cost for offer in offers])[:, None]
    return Worth(
        value - off,
        off * expected.orders * valid,
        np.broadcast_to(cost, off.shape),
        1 - expected.chance,
    )


def _taken_off(offer: OfferPart, order_value: np.ndarray) -> np.ndarray:
    """Money that an offer takes off one order, at most all of it."""
    return np.asarray(np.minimum(offer.share_off * order_value + offer.money_off, order_value))
