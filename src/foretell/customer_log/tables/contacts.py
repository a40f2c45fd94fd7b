"""Contacts: what marketing sent to whom, and what became of it."""

from __future__ import annotations

from foretell.customer_log.tables.registry import FactTable, Happening, Made, Role, declared
from foretell.customer_log.tables.vocabulary import Vocabulary

SENT, ANSWERED = "sent", "answered"
DAYS_TO_ANSWER = 7
"""An export that says whether a message was clicked, and not when, is of a later day than the message: what it says
counts as known so many days after the message, by when nearly everybody has answered who will."""
NOT_SENT = ("control", "holdout", "no contact")
"""Arms whose rows stand for a message that was held back."""
ABOUT = ("message", "campaign", "channel", "offer", "arm")

CONTACTS = declared(
    FactTable(
        "contacts",
        roles=(
            Role("message", "id"),
            Role("campaign", "text"),
            Role("channel", "text"),
            Role("offer", "text"),
            Role("arm", "text"),
            Role("cost", "money"),
            Role("response", "text"),
        ),
        made=(Made("answer", ("response",), Vocabulary("responses")),),
        happenings=(
            Happening(step=SENT, tells=(*ABOUT, "cost")),
            Happening(
                "responded_at",
                ANSWERED,
                tells=(*ABOUT, "response", "answer"),
                needs=("answer",),
                is_needed=False,
                instead="time",
                late_days=DAYS_TO_ANSWER,
            ),
        ),
    )
)
"""A row is a contact, and what became of it a fact of its own: what was sent is known when it is sent, the answer when
it came (`responded_at`). Where an export has a row for each thing that happened to a message, the column that names the
message lets it count once. `answer` is what the response means: sent, delivered, opened, clicked, bounced,
unsubscribed or complained."""
