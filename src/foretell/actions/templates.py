"""Templates of playbooks: the four that most shops begin with, each with its rule, goal, window and cooldowns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from foretell.project.parts.actions import Goal, PlaybookPart, Template

REST = "rest"


@dataclass(frozen=True)
class PlaybookTemplate:
    """What a playbook is where its owner wrote nothing else. `about` says for whom it is, `table` names the table
    beside orders that its rule needs (empty: none), `effect` what a contact is believed to add to the chance of an
    order until an experiment says it, `why_effect` where that belief comes from."""

    about: str
    when: str
    goal: Goal
    window: str
    cooldown: str
    cooldown_all: str
    effect: float
    why_effect: str
    table: str = ""


TEMPLATES: Mapping[Template, PlaybookTemplate] = {
    "win back": PlaybookTemplate(
        "who has ordered more than once and is likely to be leaving",
        "p_churn >= 50 % and orders_life >= 2",
        "orders",
        "60d",
        "60d",
        "7d",
        0.01,
        "a careful guess: 1 more order in 60 days from 100 contacted",
    ),
    "second order": PlaybookTemplate(
        "who has ordered once, between two weeks and half a year ago",
        "orders_life = 1 and 14 <= days_since_last_order <= 180",
        "orders",
        "30d",
        "30d",
        "7d",
        0.01,
        "a careful guess: 1 more order in 30 days from 100 contacted",
    ),
    "nurture": PlaybookTemplate(
        "who is not among the most valuable and may become so; content and service, nothing is taken off",
        "p_becomes_high_value >= 20 %",
        "spend",
        "90d",
        "30d",
        "7d",
        0.005,
        "a careful guess: 1 more order in 90 days from 200 contacted",
    ),
    "rest": PlaybookTemplate(
        "who got many messages lately and answered none: they are left alone for a while",
        "contacts_90d >= 3 and clicks_90d = 0 and orders_90d = 0",
        "staying",
        "30d",
        "0d",
        "0d",
        0.0,
        "no guess: whether rest gains or loses orders is what the comparison finds out",
        "contacts",
    ),
}
OWN = PlaybookTemplate(
    "whoever its rule says",
    "",
    "orders",
    "60d",
    "30d",
    "7d",
    0.01,
    "a careful guess: 1 more order from 100 contacted",
)
"""Where a playbook names no template."""


def template_of(part: PlaybookPart) -> PlaybookTemplate:
    """The template of a declared playbook, or what holds without one."""
    return TEMPLATES[part.template] if part.template else OWN


def filled_in(part: PlaybookPart) -> PlaybookPart:
    """A declared playbook with what its template says where its owner wrote nothing.

    >>> filled_in(PlaybookPart(name="again", template="second order", window="14d")).window
    '14d'
    """
    if not part.template:
        return part
    template = TEMPLATES[part.template]
    names = ("when", "goal", "window", "cooldown", "cooldown_all")
    said = part.model_fields_set - ({"when"} if not part.when else set())
    return part.model_copy(update={name: getattr(template, name) for name in names if name not in said})
