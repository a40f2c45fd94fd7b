"""What marketing sent: how much, how lately, how much since the last order, and what became of it.

Contacts that our own playbooks drew are not counted, nor what became of them: a forecast chose whom they reached, and a
feature must not hand the forecast of yesterday to that of today. Whoever unsubscribes has, from whichever message.

Opens stand apart from clicks: programs open mail for people, so that an open is no proof of life.
"""

from __future__ import annotations

import numpy as np

from foretell.customer_log.stable_keys import code_of
from foretell.customer_log.tables.contacts import ANSWERED, CONTACTS, SENT
from foretell.features.registry import feature
from foretell.features.tables.coverage import over_days, since_last_order
from foretell.features.themes import declared_theme
from foretell.timelines.as_of import AsOf, Past, ratio
from foretell.words.reasons import FeatureWords

MARKETING = declared_theme("marketing", "what marketing sent them, and what became of it")
OPENED, CLICKED, UNSUBSCRIBED = (code_of(answer) for answer in ("opened", "clicked", "unsubscribed"))


@feature(
    "contacts_{days}d",
    unit="messages",
    over=(7, 30, 90),
    table=CONTACTS.name,
    words=FeatureWords(
        MARKETING,
        "more messages in {days} days",
        "fewer messages in {days} days",
        "got {} in the last {days} days",
        "no message in the last {days} days",
        verb="got",
        window_days=30,
    ),
)
def contacts(view: AsOf, days: int) -> np.ndarray:
    """Messages sent in the last {days} days, each once; null where the table begins later."""
    return over_days(view, CONTACTS.name, days, messages(_sent(view), days))


@feature(
    "contacts_since_order",
    unit="messages",
    table=CONTACTS.name,
    words=FeatureWords(
        MARKETING,
        "more messages since the last order",
        "fewer messages since the last order",
        "{} since the last order",
        "no message since the last order",
        verb="got",
    ),
)
def contacts_since_order(view: AsOf) -> np.ndarray:
    """Messages sent after the last order, each once; null where the table begins later than that."""
    sent, last = _sent(view), view.orders.last("happened_at")
    nameless = sent.count_after(last) - sent.total_after("has_message", last)
    return since_last_order(view, CONTACTS.name, nameless + sent.total_after("new_message", last))


@feature(
    "days_since_last_contact",
    unit="days",
    table=CONTACTS.name,
    words=FeatureWords(
        MARKETING, "last message longer ago", "got a message more lately", "last message {} ago", "got a message today",
        verb="have been without one for",
    ),
)  # fmt: skip
def days_since_last_contact(view: AsOf) -> np.ndarray:
    """Days from the last message to the cutoff; null without one."""
    return _sent(view).days_since(_sent(view).last("happened_at"))


@feature(
    "clicks_{days}d",
    unit="messages",
    over=(30, 90),
    table=CONTACTS.name,
    words=FeatureWords(
        MARKETING,
        "click on more messages",
        "click on fewer messages",
        "clicked on {} in the last {days} days",
        "clicked on no message in the last {days} days",
        window_days=90,
        is_rare=True,
        much="{} or more messages clicked in {days} days",
    ),
)
def clicks(view: AsOf, days: int) -> np.ndarray:
    """Messages that were clicked for the first time in the last {days} days, as far as that was known; null where the
    table begins later."""
    return over_days(view, CONTACTS.name, days, messages(answered(view, CLICKED), days))


@feature(
    "click_share_{days}d",
    unit="share",
    over=(180,),
    table=CONTACTS.name,
    words=FeatureWords(
        MARKETING,
        "click on more of the messages",
        "click on fewer of the messages",
        "clicked on {} of the messages of {days} days",
        "clicked on no message of {days} days",
        is_rare=True,
    ),
)
def click_share(view: AsOf, days: int) -> np.ndarray:
    """Messages clicked in the last {days} days over messages sent in them, at most 1; null without one."""
    clicked = ratio(messages(answered(view, CLICKED), days), messages(_sent(view), days))
    return np.minimum(clicked, 1)


@feature(
    "opens_{days}d",
    unit="messages",
    over=(90,),
    table=CONTACTS.name,
    words=FeatureWords(MARKETING, "more messages opened, by them or by a program", "fewer messages opened"),
)
def opens(view: AsOf, days: int) -> np.ndarray:
    """Messages that were opened for the first time in the last {days} days, by the customer or by a program; null where
    the table begins later."""
    return over_days(view, CONTACTS.name, days, messages(answered(view, OPENED), days))


@feature(
    "days_since_last_click",
    unit="days",
    table=CONTACTS.name,
    words=FeatureWords(MARKETING, "last click longer ago", "clicked more lately"),
)
def days_since_last_click(view: AsOf) -> np.ndarray:
    """Days from the last message whose click was known to the cutoff; null without one."""
    clicked = answered(view, CLICKED)
    return clicked.days_since(clicked.last("happened_at"))


@feature(
    "unsubscribed",
    unit="flag",
    table=CONTACTS.name,
    words=FeatureWords(
        MARKETING, "unsubscribed", "still subscribed", "unsubscribed from messages", "never unsubscribed", is_own=True
    ),
)
def unsubscribed(view: AsOf) -> np.ndarray:
    """1 where a message was ever answered by unsubscribing, else 0; null for whom no message was sent."""
    contacts = view.table(CONTACTS.name)
    left = contacts.where("step", code_of(ANSWERED)).where("answer", UNSUBSCRIBED).count() > 0
    return np.where(left | (contacts.where("step", code_of(SENT)).where("was_sent", 1).count() > 0), left, np.nan)


def messages(past: Past, since: float, until: float = 0) -> np.ndarray:
    """int64: of the window `[cutoff - since, cutoff - until)` in days the messages that are new, and the facts that
    name none."""
    new, named = (past.total(column, since=since, until=until) for column in ("new_message", "has_message"))
    return np.asarray(new + past.count(since=since, until=until) - named)


def _sent(view: AsOf) -> Past:
    return view.table(CONTACTS.name).where("is_given", 1).where("step", code_of(SENT))


def answered(view: AsOf, answer: int) -> Past:
    """The messages of others than our playbooks that were answered so, by the time of the answer, as far as known."""
    return view.table(CONTACTS.name).where("is_given", 1).where("step", code_of(ANSWERED)).where("answer", answer)
