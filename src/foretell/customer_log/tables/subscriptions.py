"""Subscriptions: when one began, when its end was asked for, and when it ended."""

from __future__ import annotations

import pyarrow as pa

from foretell.customer_log.tables.registry import FactTable, Happening, Made, Role, declared
from foretell.customer_log.tables.vocabulary import Vocabulary

STARTED, ASKED, ENDED = "started", "asked to cancel", "ended"
WHICH = ("subscription", "plan", "amount", "interval", "interval_seconds")
SECONDS_A_DAY = 86_400
INTERVAL_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "quarter": 91.3125, "half": 182.625, "year": 365.25}
"""Days from one payment to the next, on average over leap years."""


def interval_seconds(intervals: pa.Array) -> pa.Array:
    """int64 seconds from one payment to the next; null where the interval is not known."""
    terms = Vocabulary("intervals")(intervals).dictionary_encode()
    seconds = [round(INTERVAL_DAYS[term] * SECONDS_A_DAY) for term in terms.dictionary.to_pylist()]
    return pa.array(seconds, pa.int64()).take(terms.indices)


SUBSCRIPTIONS = declared(
    FactTable(
        "subscriptions",
        roles=(
            Role("subscription", "id"),
            Role("plan", "text"),
            Role("amount", "money"),
            Role("interval", "text"),
            Role("reason", "text"),
        ),
        made=(Made("interval_seconds", ("interval",), interval_seconds, "number"),),
        happenings=(
            Happening("started_at", STARTED, tells=WHICH),
            Happening("asked_to_cancel_at", ASKED, tells=(*WHICH, "reason"), is_needed=False),
            Happening("ended_at", ENDED, tells=(*WHICH, "reason"), is_needed=False),
        ),
        told_by="subscription",
    )
)
"""One row makes up to three facts, each with its own time: that a subscription ended is not known before it did. Plan
and amount are those of the row, so an export that has only today's plan says today's."""
