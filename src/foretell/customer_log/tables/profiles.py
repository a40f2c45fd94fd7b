"""Profiles: what is known of a customer as a person or a company, each attribute with the time since when."""

from __future__ import annotations

from foretell.customer_log.tables.registry import FactTable, Happening, Role, declared

SIGNED_UP = "signed up"

PROFILES = declared(
    FactTable(
        "profiles",
        roles=(Role("attribute", "text", is_needed=True), Role("value", "text")),
        happenings=(
            Happening(step="told", tells=("attribute", "value"), needs=("attribute",)),
            Happening("signed_up_at", SIGNED_UP, tells=(), is_needed=False),
        ),
        has_attributes=True,
        may_be_undated=True,
    )
)
"""An attribute has, at any time, the value that was told last before; a row that comes later does not rewrite the past.
Either two columns name attribute and value, or each attribute has a column of its own, which plays the role of its
name. What has no date is known since it was first read. Signing up happened when it did."""
