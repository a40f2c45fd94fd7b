"""Visits: the local days on which a customer did anything online; how many, how lately, and beside their own habit."""

from __future__ import annotations

import numpy as np

from foretell.customer_log.tables.events import EVENTS
from foretell.features.registry import feature
from foretell.features.tables.coverage import over_days, since_last_order
from foretell.features.tables.events import INTERACTIONS
from foretell.timelines.as_of import AsOf, Past
from foretell.words.reasons import FeatureWords

LATELY_DAYS, HABIT_DAYS = 21, 63
SEEN_DAYS = LATELY_DAYS + HABIT_DAYS


@feature(
    "visit_days_{days}d",
    unit="visits",
    over=(7, 21, 30, 90),
    table=EVENTS.name,
    words=FeatureWords(
        INTERACTIONS,
        "more visits in {days} days",
        "fewer visits in {days} days",
        "{} in the last {days} days",
        "no visit in the last {days} days",
        window_days=30,
        much="visits on {} or more of {days} days",
    ),
)
def visit_days(view: AsOf, days: int) -> np.ndarray:
    """Local days on which the first event came in the last {days} days; null where the table begins later."""
    return over_days(view, EVENTS.name, days, _events(view).total("new_day", since=days))


@feature(
    "visit_days_before_21d",
    unit="visits",
    table=EVENTS.name,
    words=FeatureWords(INTERACTIONS, "more visits in the weeks before", "fewer visits in the weeks before"),
)
def visit_days_before(view: AsOf) -> np.ndarray:
    """Local days on which the first event came in the 63 days before the last 21; null where the table begins later."""
    before = _events(view).total("new_day", since=SEEN_DAYS, until=LATELY_DAYS)
    return over_days(view, EVENTS.name, SEEN_DAYS, before)


@feature(
    "visit_days_trend_21d",
    unit="log ratio",
    table=EVENTS.name,
    words=FeatureWords(
        INTERACTIONS,
        "visit more than they used to",
        "visit less than they used to",
        "{visit_days_21d} in the last three weeks, {visit_days_before_21d} in the nine weeks before",
        is_own=True,
        towards=1,
    ),
)
def visit_days_trend(view: AsOf) -> np.ndarray:
    """Logarithm of the days with a visit in the last 21 days over those of 21 days on average in the 63 before, one
    added to both; null where the table begins in the last 84."""
    usual = visit_days_before(view) * LATELY_DAYS / HABIT_DAYS
    return np.asarray(np.log((visit_days(view, LATELY_DAYS) + 1) / (usual + 1)))


@feature(
    "days_since_last_visit",
    unit="days",
    table=EVENTS.name,
    words=FeatureWords(
        INTERACTIONS, "last visit longer ago", "visited more lately", "last visit {} ago", "visited today",
        verb="have been away for",
    ),
)  # fmt: skip
def days_since_last_visit(view: AsOf) -> np.ndarray:
    """Days from the last online event to the cutoff; null without one."""
    return _events(view).days_since(_events(view).last("happened_at"))


@feature(
    "visit_days_since_order",
    unit="visits",
    table=EVENTS.name,
    words=FeatureWords(
        INTERACTIONS,
        "more visits since the last order",
        "fewer visits since the last order",
        "{} since the last order",
        "no visit since the last order",
    ),
)
def visit_days_since_order(view: AsOf) -> np.ndarray:
    """Local days whose first event came after the last order; null where the table begins later than that."""
    found = _events(view).total_after("new_day", view.orders.last("happened_at"))
    return since_last_order(view, EVENTS.name, found)


def _events(view: AsOf) -> Past:
    return view.table(EVENTS.name)
