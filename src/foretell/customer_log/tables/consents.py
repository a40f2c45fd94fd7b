"""Consents: through which channel, and for which purpose, a customer may be addressed."""

from __future__ import annotations

from foretell.customer_log.tables.registry import FactTable, Made, Role, declared
from foretell.customer_log.tables.vocabulary import Vocabulary

PROFILING = "profiling"
"""The use that no forecast is made against."""

CONSENTS = declared(
    FactTable(
        "consents",
        roles=(Role("channel", "text"), Role("purpose", "text"), Role("state", "text", is_needed=True)),
        made=(
            Made("standing", ("state",), Vocabulary("consent_states")),
            Made("use", ("purpose",), Vocabulary("consent_uses")),
        ),
        may_be_undated=True,
    )
)
"""`standing` is what the state means: granted or denied, null where it says neither; `use` is profiling where
the purpose says so. Who denies profiling is not scored (see `timelines.objections`). A consent is no reason to buy: no
feature is made of it."""
