"""Consents: through which channel, and for which purpose, a customer may be addressed."""

from __future__ import annotations

from foretell.customer_log.tables.registry import FactTable, Made, Role, declared
from foretell.customer_log.tables.vocabulary import Vocabulary

CONSENTS = declared(
    FactTable(
        "consents",
        roles=(Role("channel", "text"), Role("purpose", "text"), Role("state", "text", is_needed=True)),
        made=(Made("standing", ("state",), Vocabulary("consent_states")),),
        may_be_undated=True,
    )
)
"""`standing` is what the state means: granted or denied, null where it says neither. A consent is no reason to buy: no
feature is made of it."""
