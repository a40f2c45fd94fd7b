"""What customers do online: how much, how far they come towards an order, and the marketing content they read."""

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
CONTENT = declared_theme("content", "the marketing content they read and click")
SEARCHED, VIEWED, ADDED, CHECKOUT, OF_CONTENT = (
    code_of(stage) for stage in ("searched", "viewed", "added", "checkout", "content")
)
HALF_LIFE_DAYS = 30
LONGEST_DECAY_DAYS = 90


@feature(
    "events_{days}d",
    unit="actions",
    over=(7, 30, 90),
    table=EVENTS.name,
    words=FeatureWords(
        INTERACTIONS,
        "do more online in {days} days",
        "do less online in {days} days",
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
    unit="actions",
    table=EVENTS.name,
    words=FeatureWords(INTERACTIONS, "do more online of late", "do less online of late"),
)
def events_decayed(view: AsOf) -> np.ndarray:
    """Online events ever, each with a weight that halves every 30 days; null where the table begins in the last 90."""
    return over_days(view, EVENTS.name, LONGEST_DECAY_DAYS, _events(view).decayed(HALF_LIFE_DAYS))


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
    unit="items",
    over=(30,),
    table=EVENTS.name,
    words=FeatureWords(
        INTERACTIONS,
        "put more into the basket",
        "put less into the basket",
        "put {} into the basket in the last {days} days",
        "nothing put into the basket in the last {days} days",
        verb="put in",
        much="{} or more things put into the basket in {days} days",
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


@feature(
    "content_{days}d",
    unit="interactions",
    over=(30,),
    table=EVENTS.name,
    words=FeatureWords(
        CONTENT,
        "read and click more content",
        "read and click less content",
        "{} with marketing content in the last {days} days",
        "no marketing content read or clicked in the last {days} days",
        much="{} or more interactions with marketing content in {days} days",
        is_rare=True,
    ),
)
def content(view: AsOf, days: int) -> np.ndarray:
    """Times that marketing content was read or clicked in the last {days} days; null where the table begins later."""
    return _stage(view, OF_CONTENT, days)


def _stage(view: AsOf, stage: int, days: int) -> np.ndarray:
    return over_days(view, EVENTS.name, days, _events(view).where("stage", stage).count(since=days))


def _events(view: AsOf) -> Past:
    return view.table(EVENTS.name)
