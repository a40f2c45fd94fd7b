"""Campaigns: who was contacted, who was held back by the draw of a lot, who answered, who ordered because of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.generated.calendar import DAY, Calendar, times
from foretell.generated.consents import CHANNELS, Consents
from foretell.generated.customers import Customers
from foretell.generated.identifiers import customer_ids, money, numbered, of_codes
from foretell.generated.orders import Leaving, Orders

FIRST_CAMPAIGN, EVERY_DAYS, SENT_AT = 14, 28, 10 * 3_600
COST_CENTS = np.array([2, 8, 85])
"""What one contact costs by e-mail, text message and post."""
OFFERS = ("10 % off", "free delivery", "new arrivals")
RESPONSES = ("delivered", "opened", "clicked")
OPENED = 0.35
ARMS = ("control", "treated")
WITHIN_DAYS = (0.2, 10.0)
"""How long after a contact the order comes that it is about."""


@dataclass(frozen=True)
class Contacts:
    """Contacts side by side, in order of time; `extra` is the moment of the one more order, -1 where there is none."""

    customer: np.ndarray
    at: np.ndarray
    campaign: np.ndarray
    treated: np.ndarray
    response: np.ndarray
    """Codes into `RESPONSES`; -1 where the contact was held back."""
    extra: np.ndarray

    @property
    def orders(self) -> Orders:
        """The orders that contacts are about, whether sent or held back."""
        came = self.extra >= 0
        return Orders(self.customer[came], self.extra[came])


def drawn_contacts(
    customers: Customers, consents: Consents, leaving: Leaving, calendar: Calendar, random: np.random.Generator
) -> Contacts:
    """A campaign every 28 days, its arm drawn for each customer alike. One more order comes only while somebody still
    orders: contacts go on after that, and change nothing."""
    sent = list[tuple[np.ndarray, np.ndarray]]()
    for which, day in enumerate(range(FIRST_CAMPAIGN, calendar.days, EVERY_DAYS)):
        moment = day * DAY + SENT_AT
        drawn = random.random(len(customers)) < calendar.parameters.contacted_share
        reached = drawn & consents.reachable(which % len(CHANNELS), moment) & (customers.signed_up < moment)
        who = np.flatnonzero(reached)
        sent.append((who, np.full(len(who), which)))
    nothing = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    customer, campaign = map(np.concatenate, zip(nothing, *sent, strict=True))
    return _answered(customer, campaign, (customers, leaving), calendar, random)


def _answered(
    customer: np.ndarray,
    campaign: np.ndarray,
    who: tuple[Customers, Leaving],
    calendar: Calendar,
    random: np.random.Generator,
) -> Contacts:
    p, n, (customers, leaving) = calendar.parameters, len(customer), who
    at = (FIRST_CAMPAIGN + campaign * EVERY_DAYS) * DAY + SENT_AT
    treated = random.random(n) < p.treated_share
    kind = customers.contact_kind[customer]
    chance = np.where(treated, np.array(p.order_if_treated)[kind], np.array(p.order_if_control)[kind])
    extra = at + (random.uniform(*WITHIN_DAYS, n) * DAY).astype(np.int64)
    ordering = (extra < leaving.last_order[customer]) & (extra < calendar.end)
    ordered = (random.random(n) < chance) & ordering
    active = at < leaving.at[customer]
    clicked = active & (random.random(n) < p.answered_share)
    opened = random.random(n) < OPENED
    response = np.where(clicked | (ordered & (kind == 0)), 2, np.where(opened, 1, 0))
    return Contacts(
        customer, at, campaign, treated, np.where(treated, response, -1), np.where(ordered, extra, -1).astype(np.int64)
    )


def contacts_table(contacts: Contacts, customers: Customers) -> pa.Table:
    """Rows of contacts.csv."""
    channel = contacts.campaign % len(CHANNELS)
    return pa.table(
        {
            "customer_id": customer_ids(customers, contacts.customer),
            "time": times(contacts.at),
            "campaign": numbered("campaign ", contacts.campaign + 1, 3),
            "channel": of_codes(CHANNELS, channel),
            "offer": of_codes(OFFERS, contacts.campaign // len(CHANNELS) % len(OFFERS)),
            "arm": of_codes(ARMS, contacts.treated.astype(np.int64)),
            "cost": money(np.where(contacts.treated, COST_CENTS[channel], 0)),
            "response": of_codes(RESPONSES, contacts.response),
        }
    )
