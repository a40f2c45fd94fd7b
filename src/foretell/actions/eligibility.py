"""Who may be reached: everybody for whom a rule holds is given one reason why not, or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from foretell.actions.candidates import REACHABLE, REASONS
from foretell.actions.playbook import Playbook
from foretell.project.intervals import days

ASKED_FIRST = frozenset({"email", "sms", "phone", "whatsapp", "push"})
"""Channels on which the law of many countries asks for a yes before anybody is addressed (in the EU: directive
2002/58/EC, article 13). On others, such as post, a customer may be addressed until they object."""
SPELLINGS: Mapping[str, str] = {
    "e-mail": "email",
    "newsletter": "email",
    "text": "sms",
    "text message": "sms",
    "telephone": "phone",
    "call": "phone",
    "call centre": "phone",
    "letter": "post",
    "direct mail": "post",
    "whats app": "whatsapp",
    "push notification": "push",
}
EVERY_CHANNEL = frozenset({"", "any", "all", "every", "*"})


@dataclass(frozen=True)
class Standing:
    """The latest word about contact on one channel: bool [customers] each, on the rows of the scores."""

    granted: np.ndarray
    denied: np.ndarray


@dataclass(frozen=True)
class PastContacts:
    """What was done before, as far as it bars a contact now. `by_playbook` and `by_any` map a customer's id to their
    last contact (microseconds UTC), `in_campaign` are those whose window of a campaign of the playbook is open,
    `linked` those drawn into different arms under ids that are one customer by now, `global_holdout` bool [customers]
    on the rows of the scores, `resting` those whom a playbook of rest leaves alone for now."""

    by_playbook: Mapping[str, int] = field(default_factory=dict)
    by_any: Mapping[str, int] = field(default_factory=dict)
    in_campaign: Collection[str] = ()
    linked: Collection[str] = ()
    global_holdout: np.ndarray | None = None
    resting: Collection[str] = ()


def channel_of(text: str) -> str:
    """A channel under the one name that it has here.

    >>> channel_of(" E-Mail "), channel_of("Letter"), channel_of("fax")
    ('email', 'post', 'fax')
    """
    plain = " ".join(text.lower().replace("_", " ").split())
    return SPELLINGS.get(plain, plain)


def may_be_addressed(channel: str, standing: Standing | None) -> np.ndarray | bool:
    """bool [customers]: who may be addressed on a channel; True for everybody where no source has consents (None).

    Who denied or withdrew may not. Who never said anything may not where the channel has to be asked for first."""
    if standing is None:
        return True
    if channel_of(channel) in ASKED_FIRST:
        return standing.granted & ~standing.denied
    return ~standing.denied


def reach_of(playbook: Playbook, standings: Mapping[str, Standing], has_consents: bool, customers: int) -> np.ndarray:
    """bool [offers, customers]: which offer may reach whom; a playbook without offers has one row, and reaches
    everybody. `standings` are by channel."""
    if not playbook.offers:
        return np.ones((1, customers), dtype=bool)
    nobody = np.zeros(customers, dtype=bool)
    unsaid = Standing(nobody, nobody) if has_consents else None
    found = [
        may_be_addressed(offer.channel, standings.get(channel_of(offer.channel), unsaid)) for offer in playbook.offers
    ]
    return np.array([np.broadcast_to(one, customers) for one in found])


def why_not(
    playbook: Playbook, ids: pa.Array, reach: np.ndarray, left_alone: np.ndarray, past: PastContacts, as_of: int
) -> np.ndarray:
    """texts [customers]: "" for whoever may be reached, else the first of `REASONS` that holds.

    `reach` is bool [offers, customers], `left_alone` bool [customers], `as_of` the moment in microseconds UTC.
    """
    holds = {
        "global holdout": np.zeros(len(ids), dtype=bool) if past.global_holdout is None else past.global_holdout,
        "objects to contact": ~reach.any(axis=0),
        "left alone": left_alone,
        "resting": _among(ids, past.resting),
        "contacted lately": _within(ids, past.by_playbook, as_of - days(playbook.cooldown_days))
        | _within(ids, past.by_any, as_of - days(playbook.cooldown_all_days)),
        "in another campaign": _among(ids, past.in_campaign),
        "linked across arms": _among(ids, past.linked),
    }
    found = np.full(len(ids), REACHABLE, dtype=object)
    for reason in reversed(list(REASONS)):
        found[holds[reason]] = reason
    return found


def _within(ids: pa.Array, last: Mapping[str, int], since: int) -> np.ndarray:
    """Whose last contact came at that moment or later."""
    return _among(ids, [customer for customer, moment in last.items() if moment > since])


def _among(ids: pa.Array, some: Collection[str]) -> np.ndarray:
    if not some:
        return np.zeros(len(ids), dtype=bool)
    wanted = set(some)
    return np.fromiter((customer in wanted for customer in ids.to_pylist()), dtype=bool, count=len(ids))
