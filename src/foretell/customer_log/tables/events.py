"""Events: what customers did online, such as looking at a product or putting it into the basket."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.tables.fact_table import Happening
from foretell.customer_log.tables.registry import FactTable, Made, Role, declared
from foretell.customer_log.tables.vocabulary import Vocabulary

RECEIVED = Vocabulary("received_events")


def by_customer(names: pa.Array) -> pa.Array:
    """A word for what customers did themselves; null where the name says that a message reached them or was opened,
    which programs do for people."""
    return pc.if_else(pc.is_null(RECEIVED(names)), "customer", pa.scalar(None, pa.string()))


EVENTS = declared(
    FactTable(
        "events",
        roles=(
            Role("id", "id"),
            Role("name", "text", is_needed=True),
            Role("channel", "text"),
            Role("product", "id"),
            Role("value", "money"),
        ),
        made=(Made("stage", ("name",), Vocabulary("event_stages")), Made("done_by", ("name",), by_customer)),
        happenings=(Happening(needs=("done_by",)),),
        told_by="id",
    )
)
"""`stage` is how far the event's name says somebody came: searched, viewed, added, checkout or ordered, or that
it was marketing content, read or clicked; null for another name, which counts as a visit all the same. A
message that was received or opened is no event: nobody did anything."""
