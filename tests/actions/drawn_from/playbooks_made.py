"""Playbooks as tests declare them."""

from __future__ import annotations

from typing import Any

from foretell.actions.playbook import Playbook, playbook_of
from foretell.project.parts.actions import OfferPart, PlaybookPart
from foretell.segments.conditions import Kind

KNOWN: dict[str, Kind] = {
    "p_churn": "number",
    "orders_life": "number",
    "days_since_last_order": "number",
    "p_becomes_high_value": "number",
    "contacts_90d": "number",
    "clicks_90d": "number",
    "orders_90d": "number",
    "segment": "text",
}
LETTER = OfferPart(name="letter", channel="post", cost=0.5)
VOUCHER = OfferPart(name="voucher", channel="E-Mail", cost=0.1, takes_off="10 %", valid_days=15)
OFFERS = (LETTER, VOUCHER)


def made_playbook(**said: Any) -> Playbook:
    """A playbook of whoever has ordered, with what is said of it."""
    return playbook_of(PlaybookPart(**{"name": "made", "when": "orders_life > 0", **said}), OFFERS, KNOWN)
