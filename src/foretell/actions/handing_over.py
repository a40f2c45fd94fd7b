"""Handing a campaign over: one message to each delivery that the playbook names, once.

The message says what was approved and where the files are; it names no customer. Who may be contacted stands in the
file, which stays where it is, so that no message has to be called back when somebody objects.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence

from foretell.actions.acting import Acted
from foretell.actions.assignments import Act
from foretell.alerts.sending import Clock, Sent, clock, way_of
from foretell.delivery.ledger import FILE_NAME as LEDGER
from foretell.delivery.ledger import Ledger
from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint
from foretell.project.intervals import from_microseconds
from foretell.project.parts.alerts import DeliveryPart
from foretell.project.place import Place


def handed_over(
    acted: Acted,
    act: Act,
    place: Place,
    deliveries: Sequence[DeliveryPart],
    environment: Mapping[str, str] = os.environ,
    now: Clock = clock,
) -> list[Sent]:
    """Send the message of an act over these deliveries; what was sent already is not sent again, and what failed and is
    due is tried once more. What cannot be tried is told, and the campaign stands."""
    ledger, sent = Ledger(place.state / LEDGER), list[Sent]()
    message = f"campaign_{fingerprint([acted.drawn.campaign.name, act.run])}"
    for delivery in deliveries:
        ledger.queue(message, delivery.channel, _body(acted, act), act.acted_at)
        try:
            way = way_of(delivery, environment)
        except InputError as error:
            sent.append(Sent(message, delivery.channel, "not tried", " ".join(str(error).split())))
            continue
        if (attempt := ledger.begin(now(), {delivery.channel}, message)) is not None:
            ledger.end(attempt, way(message, attempt.body, now() // 1_000_000), now())
        entry = next(one for one in ledger.entries() if (one.message_id, one.channel) == (message, delivery.channel))
        due = None if entry.next_try_at is None else from_microseconds(entry.next_try_at).isoformat(timespec="seconds")
        sent.append(Sent(message, delivery.channel, entry.outcome, entry.told, due))
    return sent


def _body(acted: Acted, act: Act) -> str:
    drawn, campaign = acted.drawn, acted.drawn.campaign
    headline = f"{campaign.name}: {drawn.treated:,} to contact, {drawn.control:,} kept aside"
    files = sorted(str(path) for path in acted.files.values())
    data = {
        "campaign": campaign.name,
        "playbook": campaign.playbook,
        "run": act.run,
        "approved_by": act.approved_by,
        "treated": drawn.treated,
        "control": drawn.control,
        "files": files,
    }
    text = f"{headline}\nApproved by {act.approved_by}. The contacts are in {', '.join(files)}"
    timestamp = from_microseconds(act.acted_at).isoformat(timespec="seconds")
    return json.dumps({"type": "campaign.approved", "timestamp": timestamp, "text": text, "data": data})
