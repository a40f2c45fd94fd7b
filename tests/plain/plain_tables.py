"""Every feature of the tables beside orders once more, slowly and plainly."""

from __future__ import annotations

import math
from collections.abc import Sequence

from made_orders import DAY
from made_told import Told
from plain_features import oracle
from plain_timelines import Customer, local

TABLES = ("events", "contacts", "feedback", "profiles", "subscriptions", "people")
SECONDS = 86_400
MONTH = 30.4375


def of(c: Customer, table: str, **tells: str | int) -> list[Told]:
    """The facts of a table that tell this, in time order."""
    return [one for one in c.told if one.table == table and all(one[name] == value for name, value in tells.items())]


def lately(c: Customer, facts: Sequence[Told], since: float, until: float = 0) -> list[Told]:
    return [one for one in facts if c.cutoff - since * DAY <= one.happened_at < c.cutoff - until * DAY]


def covered(c: Customer, table: str, moment: float) -> bool:
    """Whether the table had begun at a moment; one that never began says 0 of everybody."""
    return table not in c.population.begun or moment >= c.population.begun[table]


def over(c: Customer, table: str, days: float, value: float) -> float | None:
    return value if covered(c, table, c.cutoff - days * DAY) else None


def since_order(c: Customer, table: str, value: float) -> float | None:
    return value if covered(c, table, c.orders[-1].happened) else None


def after_order(c: Customer, facts: Sequence[Told]) -> list[Told]:
    return [one for one in facts if one.happened_at > c.orders[-1].happened]


def age(c: Customer, facts: Sequence[Told]) -> float | None:
    return (c.cutoff - facts[-1].happened_at) / DAY if facts else None


def first_of_days(c: Customer, facts: Sequence[Told]) -> list[Told]:
    """The first fact of each local day."""
    days = [local(one.happened_at, c.timezone).date() for one in facts]
    return [one for place, one in enumerate(facts) if days[place] not in days[:place]]


# events


@oracle("events_{days}d", over=(7, 30, 90), exact=True)
def _(c: Customer, days: int) -> float | None:
    return over(c, "events", days, len(lately(c, of(c, "events"), days)))


@oracle("events_decayed")
def _(c: Customer) -> float | None:
    ages = [math.floor((c.cutoff - one.happened_at) / DAY) for one in of(c, "events")]
    return over(c, "events", 90, sum(0.5 ** (whole / 30) for whole in ages))


@oracle("visit_days_{days}d", over=(7, 21, 30, 90), exact=True)
def _(c: Customer, days: int) -> float | None:
    return over(c, "events", days, len(lately(c, first_of_days(c, of(c, "events")), days)))


@oracle("visit_days_before_21d", exact=True)
def _(c: Customer) -> float | None:
    return over(c, "events", 84, len(lately(c, first_of_days(c, of(c, "events")), 84, 21)))


@oracle("visit_days_trend_21d")
def _(c: Customer) -> float | None:
    days = first_of_days(c, of(c, "events"))
    recent, usual = len(lately(c, days, 21)), len(lately(c, days, 84, 21)) / 3
    return over(c, "events", 84, math.log((recent + 1) / (usual + 1)))


@oracle("days_since_last_visit")
def _(c: Customer) -> float | None:
    return age(c, of(c, "events"))


@oracle("visit_days_since_order", exact=True)
def _(c: Customer) -> float | None:
    return since_order(c, "events", len(after_order(c, first_of_days(c, of(c, "events")))))


def stage(c: Customer, name: str, days: int) -> float | None:
    return over(c, "events", days, len(lately(c, of(c, "events", stage=name), days)))


@oracle("searched_{days}d", over=(30,), exact=True)
def _(c: Customer, days: int) -> float | None:
    return stage(c, "searched", days)


@oracle("viewed_{days}d", over=(30,), exact=True)
def _(c: Customer, days: int) -> float | None:
    return stage(c, "viewed", days)


@oracle("added_{days}d", over=(30,), exact=True)
def _(c: Customer, days: int) -> float | None:
    return stage(c, "added", days)


@oracle("checkouts_{days}d", over=(30,), exact=True)
def _(c: Customer, days: int) -> float | None:
    return stage(c, "checkout", days)


@oracle("content_{days}d", over=(30,), exact=True)
def _(c: Customer, days: int) -> float | None:
    return stage(c, "content", days)


@oracle("funnel_reached_{days}d", over=(30,), exact=True)
def _(c: Customer, days: int) -> float | None:
    steps = {"searched": 1, "viewed": 1, "added": 2, "checkout": 3}
    reached = [steps.get(str(one["stage"]), 0) for one in lately(c, of(c, "events"), days)]
    return over(c, "events", days, max(reached, default=0))


@oracle("added_since_order", exact=True)
def _(c: Customer) -> float | None:
    return since_order(c, "events", len(after_order(c, of(c, "events", stage="added"))))


# contacts


def once(facts: Sequence[Told]) -> list[Told]:
    """The first fact of each message, and those that name none."""
    named = [one["message"] for one in facts]
    return [one for place, one in enumerate(facts) if named[place] is None or named[place] not in named[:place]]


def sent(c: Customer) -> list[Told]:
    return of(c, "contacts", step="sent")


def answered(c: Customer, answer: str) -> list[Told]:
    return of(c, "contacts", step="answered", answer=answer)


@oracle("contacts_{days}d", over=(7, 30, 90), exact=True)
def _(c: Customer, days: int) -> float | None:
    return over(c, "contacts", days, len(lately(c, once(sent(c)), days)))


@oracle("contacts_since_order", exact=True)
def _(c: Customer) -> float | None:
    return since_order(c, "contacts", len(after_order(c, once(sent(c)))))


@oracle("days_since_last_contact")
def _(c: Customer) -> float | None:
    return age(c, sent(c))


@oracle("clicks_{days}d", over=(30, 90), exact=True)
def _(c: Customer, days: int) -> float | None:
    return over(c, "contacts", days, len(lately(c, once(answered(c, "clicked")), days)))


@oracle("click_share_{days}d", over=(180,))
def _(c: Customer, days: int) -> float | None:
    clicked, got = (len(lately(c, once(facts), days)) for facts in (answered(c, "clicked"), sent(c)))
    return min(clicked / got, 1.0) if got else None


@oracle("opens_{days}d", over=(90,), exact=True)
def _(c: Customer, days: int) -> float | None:
    return over(c, "contacts", days, len(lately(c, once(answered(c, "opened")), days)))


@oracle("days_since_last_click")
def _(c: Customer) -> float | None:
    return age(c, answered(c, "clicked"))


@oracle("unsubscribed", exact=True)
def _(c: Customer) -> float | None:
    left = bool(answered(c, "unsubscribed"))
    return float(left) if left or sent(c) else None


# feedback


def given(c: Customer, **tells: str | int) -> list[Told]:
    return of(c, "feedback", step="given", **tells)


def ratings(c: Customer) -> list[int]:
    return [int(rating) for one in given(c) if (rating := one["rating"]) is not None]


@oracle("last_rating", exact=True)
def _(c: Customer) -> float | None:
    return ratings(c)[-1] / 1000 if ratings(c) else None


@oracle("rating_change")
def _(c: Customer) -> float | None:
    *before, last = ratings(c) or [0]
    return (last - sum(before) / len(before)) / 1000 if before else None


@oracle("feedback_{days}d", over=(365,), exact=True)
def _(c: Customer, days: int) -> float | None:
    return over(c, "feedback", days, len(lately(c, given(c), days)))


@oracle("days_since_last_feedback")
def _(c: Customer) -> float | None:
    return age(c, given(c))


@oracle("complaints_{days}d", over=(90, 365), exact=True)
def _(c: Customer, days: int) -> float | None:
    return over(c, "feedback", days, len(lately(c, given(c, complaint=1), days)))


@oracle("days_since_complaint")
def _(c: Customer) -> float | None:
    return age(c, given(c, complaint=1))


@oracle("complaint_words_{days}d", over=(180,), exact=True)
def _(c: Customer, days: int) -> float | None:
    return over(c, "feedback", days, sum(int(one["complaint_words"] or 0) for one in lately(c, given(c), days)))


@oracle("open_tickets_{days}d", over=(90,), exact=True)
def _(c: Customer, days: int) -> float | None:
    opened, closed = (
        len(lately(c, of(c, "feedback", topic="ticket", step=step), days)) for step in ("given", "closed")
    )
    return over(c, "feedback", days, max(opened - closed, 0))
