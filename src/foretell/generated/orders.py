"""The orders of a generated shop: each customer's own rhythm, until they leave for a reason."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.generated.calendar import DAY, Calendar
from foretell.generated.customers import Customers

STAYED = 0
REASONS = ("", "bad experience", "falling engagement", "life change", "price")
BAD_EXPERIENCE, FALLING_ENGAGEMENT, LIFE_CHANGE, PRICE = 1, 2, 3, 4
NEVER = np.iinfo(np.int64).max
COOLING = 21 * DAY
AFTER_COMPLAINT_DAYS = (1.0, 14.0)
COMPLAINT_AFTER_DAYS = (2.0, 10.0)
SILENT_DAYS = (3.0, 14.0)


@dataclass(frozen=True)
class Orders:
    """Orders side by side: `customer` is a position in the block, `at` a moment; in order of time."""

    customer: np.ndarray
    at: np.ndarray


@dataclass(frozen=True)
class Leaving:
    """One entry a customer: code into `REASONS`, and moments, `NEVER` where there is none. `at` may lie after the end
    of the data: the reason is at work, and its signs may show, before anybody has left."""

    reason: np.ndarray
    last_order: np.ndarray
    at: np.ndarray
    complained: np.ndarray
    cooling_from: np.ndarray


def drawn_orders(customers: Customers, calendar: Calendar, random: np.random.Generator) -> tuple[Orders, Leaving]:
    """Every customer's first order, and more with gaps drawn from their rate, until they leave or the span ends."""
    planned = random.geometric(np.clip(customers.leaving_chance, 1e-9, 1.0))
    who, when = np.arange(len(customers)), customers.joined.copy()
    found, last = list[tuple[np.ndarray, np.ndarray]](), np.full(len(customers), NEVER)
    placed = 0
    while len(who):
        placed += 1
        at = calendar.moments(when)
        found.append((who, at))
        leaves = planned[who] == placed
        last[who[leaves]] = at[leaves]
        who, when = who[~leaves], when[~leaves]
        when = when + random.exponential(1.0, len(who)) / customers.rate[who].clip(1e-6)
        inside = when < calendar.shop_days
        who, when = who[inside], when[inside]
    return in_time_order(*map(np.concatenate, zip(*found, strict=True))), _leaving(customers, last, calendar, random)


def in_time_order(customer: np.ndarray, at: np.ndarray) -> Orders:
    """The orders sorted by time, then by customer."""
    order = np.lexsort((customer, at))
    return Orders(customer[order], at[order])


def _leaving(customers: Customers, last: np.ndarray, calendar: Calendar, random: np.random.Generator) -> Leaving:
    """Why and when those leave whose last order is known."""
    p, n = calendar.parameters, len(customers)
    other = random.choice([BAD_EXPERIENCE, FALLING_ENGAGEMENT, LIFE_CHANGE], n, p=p.other_reason_shares)
    reason = np.where(customers.price_sensitive & (random.random(n) < p.price_reason_share), PRICE, other)
    reason = np.where(last < NEVER, reason, STAYED)
    known = np.where(last < NEVER, last, 0)
    complained = known + _days(random, COMPLAINT_AFTER_DAYS, n)
    after_complaint = complained + _days(random, AFTER_COMPLAINT_DAYS, n)
    at = np.where(reason == BAD_EXPERIENCE, after_complaint, known + _days(random, SILENT_DAYS, n))
    return Leaving(
        reason=reason,
        last_order=last,
        at=np.where(reason == STAYED, NEVER, at),
        complained=np.where(reason == BAD_EXPERIENCE, complained, NEVER),
        cooling_from=np.where(reason == FALLING_ENGAGEMENT, known - COOLING, NEVER),
    )


def _days(random: np.random.Generator, bounds: tuple[float, float], n: int) -> np.ndarray:
    return (random.uniform(*bounds, n) * DAY).astype(np.int64)
