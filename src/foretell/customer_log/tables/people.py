"""People: who belongs to a whole, such as an account or a household, and when each of them did something."""

from __future__ import annotations

from foretell.customer_log.tables.registry import FactTable, Happening, Role, declared

JOINED, ORDERED, ACTED = "joined", "ordered", "acted"

PEOPLE = declared(
    FactTable(
        "people",
        roles=(Role("person", "id"),),
        happenings=(Happening(step=JOINED), Happening(step=ORDERED), Happening(step=ACTED)),
        is_derived=True,
    )
)
"""The one table that no source has: the joined log makes it of links to a whole (`joined`, since such a link is known)
and of what the parts did: `ordered`, or `acted` in another way. A whole has no row for what stands under its own id."""
