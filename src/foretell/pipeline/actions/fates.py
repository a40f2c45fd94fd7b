"""Fates: what a push came to, of everybody of a campaign whom it was to reach, told to the ledger of assignments."""

from __future__ import annotations

import time
from collections.abc import Mapping

from foretell.actions.assignments import TREATED, Assignments
from foretell.delivery.pushes.ledger import PushLedger
from foretell.project.place import Place

FATE_OF: Mapping[str, str] = {"done": "sent", "refused": "refused"}
"""Of a state in the ledger of pushes; who waits has met none yet, and of whom it is unsure nobody knows."""
PER_MICROSECOND = 1_000


def tell_fates(place: Place, push: str, batch: str, now: int | None = None) -> int:
    """Write down who of a campaign (the batch of a push has its name) was sent, and whom the target refused, each once;
    of how many it is new. Nothing where the batch is no campaign, or its keys are not those of customers. Whoever was
    refused may be sent later, and is both then. `now` in microseconds UTC, None: the clock."""
    ledger = Assignments(place.state)
    if batch not in {campaign.name for campaign in ledger.campaigns()}:
        return 0
    assigned = ledger.assignments(batch)
    treated = {row["customer_id"] for row in assigned.to_pylist() if row["arm"] == TREATED}
    states = PushLedger(place.state).states(push, batch)
    moment = time.time_ns() // PER_MICROSECOND if now is None else now
    told = 0
    for state, fate in FATE_OF.items():
        who = sorted(key for key, own in states.items() if own == state and key in treated)
        told += ledger.tell(batch, who, fate, moment, push) if who else 0
    return told
