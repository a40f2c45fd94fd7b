"""What customers do online: how much, on how many days, how lately, how far they come, and what they did since they
ordered."""

from __future__ import annotations

import numpy as np

from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.tables.events import EVENTS
from foretell.features.registry import feature
from foretell.features.tables.coverage import over_days, since_last_order
from foretell.features.themes import declared_theme
from foretell.timelines.as_of import AsOf, Past
from foretell.words.reasons import FeatureWords

INTERACTIONS = declared_theme("interactions", "what they do online")
SEARCHED, VIEWED, ADDED, CHECKOUT = (code_of(stage) for stage in ("searched", "viewed", "added", "checkout"))
HALF_LIFE_DAYS = 30
LONGEST_DECAY_DAYS = 90


@feature(
    "events_{days}d",
    unit="events",
    over=(7, 30, 90),
    table=EVENTS.name,
    words=FeatureWords(
        INTERACTIONS,
        "more online events in {days} days",
        "fewer online events in {days} days",
        "{} online in the last {days} days",
        "nothing done online in the last {days} days",
        window_days=30,
    ),
)
def events(view: AsOf, days: int) -> np.ndarray:
    """Online events in the last {days} days; null where the table begins later."""
    return over_days(view, EVENTS.name, days, _events(view).count(since=days))


@feature(
    "events_decayed",
    unit="events",
    table=EVENTS.name,
    words=FeatureWords(INTERACTIONS, "more online events of late", "fewer online events of late"),
)
def events_decayed(view: AsOf) -> np.ndarray:
    """Online events ever, each with a weight that halves every 30 days; null where the table begins in the last 90."""
    return over_days(view, EVENTS.name, LONGEST_DECAY_DAYS, _events(view).decayed(HALF_LIFE_DAYS))


@feature(
    "visit_days_{days}d",
    unit="days",
    over=(7, 30, 90),
    table=EVENTS.name,
    words=FeatureWords(
        INTERACTIONS,
        "visit on more of {days} days",
        "visit on fewer of {days} days",
        "visited on {} of the last {days}",
        "no visit in the last {days} days",
        verb="visited on",
        window_days=30,
    ),
)
def visit_days(view: AsOf, days: int) -> np.ndarray:
    """Local days on which the first event came in the last {days} days; null where the table begins later."""
    return over_days(view, EVENTS.name, days, _events(view).total("new_day", since=days))


@feature(
    "visit_days_trend_30d",
    unit="log ratio",
    table=EVENTS.name,
    words=FeatureWords(
        INTERACTIONS, "visit more than a month ago", "visit less than a month ago", "{} the visits of a month ago",
        is_own=True,
    ),
)  # fmt: skip
def visit_days_trend(view: AsOf) -> np.ndarray:
    """Logarithm of the days with a visit in the last 30 days over those in the 30 before, one added to both; null where
    the table begins in the last 60."""
    recent, before = (_events(view).total("new_day", since=since, until=since - 30) for since in (30, 60))
    return over_days(view, EVENTS.name, 60, np.log((recent + 1) / (before + 1)))


@feature(
    "days_since_last_visit",
    unit="days",
    table=EVENTS.name,
    words=FeatureWords(
        INTERACTIONS, "last visit longer ago", "visited more lately", "last visit {} ago", "visited today",
        verb="visited within",
    ),
)  # fmt: skip
def days_since_last_visit(view: AsOf) -> np.ndarray:
    """Days from the last online event to the cutoff; null without one."""
    return _events(view).days_since(_events(view).last("happened_at"))


@feature(
    "visit_days_since_order",
    unit="days",
    table=EVENTS.name,
    words=FeatureWords(
        INTERACTIONS,
        "more visits since the last order",
        "fewer visits since the last order",
        "visited on {} without an order since",
        "no visit since the last order",
        verb="visited on",
    ),
)
def visit_days_since_order(view: AsOf) -> np.ndarray:
    """Local days whose first event came after the last order; null where the table begins later than that."""
    found = _events(view).total_after("new_day", view.orders.last("happened_at"))
    return since_last_order(view, EVENTS.name, found)


@feature(
    "searched_{days}d",
    unit="times",
    over=(30,),
    table=EVENTS.name,
    words=FeatureWords(INTERACTIONS, "search more", "search less"),
)
def searched(view: AsOf, days: int) -> np.ndarray:
    """Searches in the last {days} days; null where the table begins later."""
    return _stage(view, SEARCHED, days)


@feature(
    "viewed_{days}d",
    unit="times",
    over=(30,),
    table=EVENTS.name,
    words=FeatureWords(INTERACTIONS, "look at more", "look at less"),
)
def viewed(view: AsOf, days: int) -> np.ndarray:
    """Pages and products looked at in the last {days} days; null where the table begins later."""
    return _stage(view, VIEWED, days)


@feature(
    "added_{days}d",
    unit="times",
    over=(30,),
    table=EVENTS.name,
    words=FeatureWords(
        INTERACTIONS,
        "put more into the basket",
        "put less into the basket",
        "put something into the basket {} in {days} days",
        "nothing put into the basket in {days} days",
        verb="did so",
    ),
)
def added(view: AsOf, days: int) -> np.ndarray:
    """Times that something was put into the basket in the last {days} days; null where the table begins later."""
    return _stage(view, ADDED, days)


@feature(
    "checkouts_{days}d",
    unit="times",
    over=(30,),
    table=EVENTS.name,
    words=FeatureWords(INTERACTIONS, "begin to pay more often", "begin to pay less often"),
)
def checkouts(view: AsOf, days: int) -> np.ndarray:
    """Steps of the checkout in the last {days} days; null where the table begins later."""
    return _stage(view, CHECKOUT, days)


@feature(
    "funnel_reached_{days}d",
    unit="steps",
    over=(30,),
    table=EVENTS.name,
    words=FeatureWords(INTERACTIONS, "come further towards an order", "come less far towards an order"),
)
def funnel_reached(view: AsOf, days: int) -> np.ndarray:
    """How far somebody came in the last {days} days: 1 looked or searched, 2 put into the basket, 3 began to pay, 0
    none of them; null where the table begins later."""
    reached = np.zeros(view.customers)
    for step, stages in enumerate(((SEARCHED, VIEWED), (ADDED,), (CHECKOUT,)), 1):
        reached[_events(view).where("stage", *stages).count(since=days) > 0] = step
    return over_days(view, EVENTS.name, days, reached)


@feature(
    "added_since_order",
    unit="times",
    table=EVENTS.name,
    words=FeatureWords(
        INTERACTIONS, "more left in the basket since the last order", "less left in the basket since the last order"
    ),
)
def added_since_order(view: AsOf) -> np.ndarray:
    """Times that something was put into the basket after the last order; null where the table begins later."""
    found = _events(view).where("stage", ADDED).count_after(view.orders.last("happened_at"))
    return since_last_order(view, EVENTS.name, found)


def _stage(view: AsOf, stage: int, days: int) -> np.ndarray:
    return over_days(view, EVENTS.name, days, _events(view).where("stage", stage).count(since=days))


def _events(view: AsOf) -> Past:
    return view.table(EVENTS.name)
