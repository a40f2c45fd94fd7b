"""Plans: who holds one, who asked to end it and when it ended, whose payment failed."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from foretell.generated.calendar import DAY, Calendar, times
from foretell.generated.customers import Customers
from foretell.generated.identifiers import customer_ids, money, numbered, of_codes
from foretell.generated.orders import NEVER, Leaving

PLANS, CENTS, INTERVALS = ("club", "club plus", "club year"), np.array([499, 999, 4_900]), ("month", "month", "year")
PERIOD = np.array([30, 30, 365]) * DAY
"""Seconds of one paid period: a month counts as 30 days."""
STARTS_WITHIN, ASKS_BEFORE = 60 * DAY, 10 * DAY
ENDED_A_YEAR, FAILED_A_YEAR = 0.15, 0.05
ENDED_FOR = ("poor service", "no longer used", "moved away", "too expensive", "other", "payment failed")
"""By the reason for which somebody leaves the shop, less one; then of those who stay, and of payments that failed."""
OTHER, FAILED = 4, 5


def subscription_rows(who: tuple[Customers, Leaving], calendar: Calendar, random: np.random.Generator) -> pa.Table:
    """Rows of subscriptions.csv in order of the start. Whoever leaves the shop asks to end the plan in the ten days
    before; the plan ends with the period that is paid. A payment that fails ends it unasked."""
    customers, leaving = who
    n = len(customers)
    start = customers.signed_up + random.integers(0, STARTS_WITHIN, n)
    holds = (random.random(n) < calendar.parameters.subscribed_share) & (start < np.minimum(leaving.at, calendar.end))
    plan = random.integers(0, len(PLANS), n)
    leaves = leaving.at < NEVER
    asked = np.where(leaves, np.where(leaves, leaving.at, 0) - random.integers(0, ASKS_BEFORE, n), NEVER)
    own = start + (random.exponential(365 / ENDED_A_YEAR, n) * DAY).astype(np.int64)
    fails = start + (random.exponential(365 / FAILED_A_YEAR, n) * DAY).astype(np.int64)
    why = np.where(own < asked, OTHER, leaving.reason - 1)
    asked = np.maximum(np.minimum(asked, own), start + 1)
    why = np.where(fails < asked, FAILED, why)
    decided = np.minimum(asked, fails)
    ended = start + ((decided - start) // PERIOD[plan] + 1) * PERIOD[plan]
    told = decided < calendar.end
    over = told & (ended < calendar.end)
    known = np.where(why == FAILED, over, told)
    order = np.flatnonzero(holds)[np.argsort(start[holds], kind="stable")]
    return pa.table(
        {
            "customer_id": customer_ids(customers, order),
            "subscription_id": numbered("S", customers.number[order] + 1, 6),
            "plan": of_codes(PLANS, plan[order]),
            "amount": money(CENTS[plan[order]]),
            "interval": of_codes(INTERVALS, plan[order]),
            "started_at": times(start[order]),
            "asked_to_cancel_at": times(np.where(told & (why != FAILED), asked, -1)[order]),
            "ended_at": times(np.where(over, ended, -1)[order]),
            "reason": of_codes(ENDED_FOR, np.where(known, why, -1)[order]),
        }
    )
