"""What customers do on the site: visits with and without an order, content they read, engagement that falls."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from foretell.generated.baskets import CHANNELS, Sales
from foretell.generated.calendar import DAY, Calendar, times
from foretell.generated.customers import Customers
from foretell.generated.identifiers import customer_ids, numbered, of_codes
from foretell.generated.orders import BAD_EXPERIENCE, COOLING, NEVER, Leaving

EVENTS = (
    "page_viewed", "product_viewed", "product_added", "checkout_started", "order_completed", "content_viewed",
    "content_clicked",
)  # fmt: skip
PAGE, VIEWED, ADDED, CHECKOUT, COMPLETED, CONTENT, CLICKED = range(7)
FUNNEL = ((PAGE, 600), (VIEWED, 420), (ADDED, 240), (CHECKOUT, 60), (COMPLETED, 0))
"""What precedes an order, in seconds."""
VIEWS, ADDS, READS, CLICKS = 0.6, 0.2, 0.05, 0.5
"""Shares of visits with a product viewed, one added, content read; of content read that is clicked."""
EARLY, LINGERS = 30 * DAY, 90 * DAY

Happened = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Customer, moment, code into `EVENTS`."""


def event_rows(
    sales: Sales, who: tuple[Customers, Leaving], calendar: Calendar, random: np.random.Generator
) -> pa.Table:
    """Rows of events.csv but for the order's id, which stands as `number` (null where there is none); in order of
    time."""
    customers, leaving = who
    parts = [*_visits(customers, leaving, calendar, random), *_early_content(customers, leaving, calendar, random)]
    return _told(parts, sales, customers, calendar, random)


def order_event_rows(sales: Sales, customers: Customers, calendar: Calendar, random: np.random.Generator) -> pa.Table:
    """Rows as of `event_rows`, of what precedes these orders alone."""
    return _told([], sales, customers, calendar, random)


def _told(
    parts: list[Happened], sales: Sales, customers: Customers, calendar: Calendar, random: np.random.Generator
) -> pa.Table:
    orders = sales.orders
    funnel = [
        (orders.customer, np.maximum(orders.at - ahead, 0), np.full(len(orders.at), what)) for what, ahead in FUNNEL
    ]
    customer, at, what = (np.concatenate(column) for column in zip(*parts, *funnel, strict=True))
    placed = np.concatenate(
        [np.full(len(at) - len(sales.number) * len(FUNNEL), -1), np.tile(sales.number, len(FUNNEL))]
    )
    app = calendar.drifted[calendar.day_of(at)]
    share = np.where(app, calendar.parameters.drift_app_share, calendar.parameters.app_share)
    by = (random.random(len(at)) < share).astype(np.int64)
    by[placed >= 0] = sales.channel[placed[placed >= 0]]
    favourite = sales.favourites[customer, random.integers(0, sales.favourites.shape[1], len(at))]
    product = np.where((what == VIEWED) | (what == ADDED), favourite, -1)
    order = np.lexsort((what, placed, customer, at))
    number = np.where(what == COMPLETED, placed, -1)[order]
    return pa.table(
        {
            "customer_id": customer_ids(customers, customer[order]),
            "time": times(at[order]),
            "event": of_codes(EVENTS, what[order]),
            "channel": of_codes(CHANNELS, by[order]),
            "product": numbered("P", np.where(product < 0, -1, product + 1)[order], 4),
            "number": pa.array(number, mask=number < 0),
        }
    )


def _visits(customers: Customers, leaving: Leaving, calendar: Calendar, random: np.random.Generator) -> list[Happened]:
    """Visits without an order, from sign-up until leaving. Those of falling engagement grow rare; whoever leaves for a
    bad experience comes back for a while, to see what becomes of the complaint."""
    p = calendar.parameters
    gone_at = np.minimum(leaving.at, calendar.end)
    ends = np.minimum(gone_at + np.where(leaving.reason == BAD_EXPERIENCE, LINGERS, 0), calendar.end)
    span = np.maximum(ends - customers.signed_up, 0)
    count = random.poisson(customers.visits_per_day * span / DAY)
    who = np.repeat(np.arange(len(customers)), count)
    at = customers.signed_up[who] + (random.random(len(who)) * span[who]).astype(np.int64)
    cooling = np.where(leaving.cooling_from < NEVER, leaving.cooling_from, calendar.end)[who]
    gone = np.clip((at - cooling) / COOLING, 0, 1) * (1 - p.cooled_to)
    kept = random.random(len(who)) < np.where(at < gone_at[who], 1 - gone, p.lingering)
    who, at = who[kept], at[kept]
    found = [(who, at, np.full(len(who), PAGE))]
    for what, share, after in ((VIEWED, VIEWS, 40), (ADDED, ADDS, 90), (CONTENT, READS, 20)):
        does = (random.random(len(who)) < share) & (at + after < ends[who])
        found.append((who[does], at[does] + after, np.full(int(does.sum()), what)))
    return found


def _early_content(
    customers: Customers, leaving: Leaving, calendar: Calendar, random: np.random.Generator
) -> list[Happened]:
    """Content read and clicked in the first 30 days after sign-up: much by whoever is of high value."""
    p = calendar.parameters
    count = random.poisson(np.where(customers.high_value, p.content_if_high_value, p.content_else))
    who = np.repeat(np.arange(len(customers)), count)
    at = customers.signed_up[who] + random.integers(0, EARLY - 60, len(who))
    ends = np.minimum(leaving.at, calendar.end)[who] - 60
    who, at = who[at < ends], at[at < ends]
    clicks = random.random(len(who)) < CLICKS
    return [
        (who, at, np.full(len(who), CONTENT)),
        (who[clicks], at[clicks] + 30, np.full(int(clicks.sum()), CLICKED)),
    ]
