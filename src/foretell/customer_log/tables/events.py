"""Events: what customers did online, such as looking at a product or putting it into the basket."""

from __future__ import annotations

from foretell.customer_log.tables.registry import FactTable, Made, Role, declared
from foretell.customer_log.tables.vocabulary import Vocabulary

EVENTS = declared(
    FactTable(
        "events",
        roles=(
            Role("name", "text", is_needed=True),
            Role("channel", "text"),
            Role("product", "id"),
            Role("value", "money"),
        ),
        made=(Made("stage", ("name",), Vocabulary("event_stages")),),
    )
)
"""`stage` is how far the event's name says somebody came: searched, viewed, added, checkout or ordered, or that
it was marketing content, read or clicked; null for another name, which counts as a visit all the same."""
