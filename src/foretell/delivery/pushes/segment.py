"""Segment: traits of users, or one event each, in batches. Contract: "HTTP Tracking API".

Segment drops in silence what is too large or names nobody, so that neither is sent. It keeps each `messageId` for a
day: within it, what may have arrived can be sent again without counting twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foretell.delivery.connection import NoAnswer
from foretell.delivery.pushes.contract import ALWAYS, DONE, BatchAnswer, Limits, Person, Value, all_told
from foretell.delivery.pushes.web_api import WebApi, as_json, failed, refused, seconds_to_wait

URL = "https://api.segment.io"
WINDOW_SECONDS = 86_400.0
LIMITS = Limits(people=2_500, bytes=490_000, bytes_of_one=32_000)
"""Published: 500 KB a batch, 32 KB and 2,500 events."""


@dataclass(frozen=True)
class Segment:
    """Each person is an `identify` with their fields as traits; with `event` a `track` of that name, which journeys can
    start from, with them as properties."""

    api: WebApi
    event: str = ""
    limits: Limits = LIMITS
    takes_all_at_once: bool = False

    @property
    def repeats_for(self) -> float:
        return WINDOW_SECONDS if self.event else ALWAYS

    def unfit(self, person: Person) -> str:
        return ""

    def size(self, person: Person) -> int:
        return len(as_json(self._message(person, ""))) + 1

    def known(self, people: Sequence[Person]) -> Mapping[str, Mapping[str, Value]] | None:
        return None

    def send(self, people: Sequence[Person], batch: str) -> BatchAnswer:
        try:
            answer = self.api.ask("POST", "/v1/batch", {"batch": [self._message(person, batch) for person in people]})
        except NoAnswer as failure:
            return failed(people, failure)
        if answer.status != 200:
            return refused(people, answer)
        return BatchAnswer(all_told(people, DONE), seconds_to_wait(answer))

    def _message(self, person: Person, batch: str) -> dict[str, Any]:
        fields = {name: value for name, value in person.fields.items() if value is not None}
        mail = {"email": person.email} if person.email else {}
        message = {"userId": person.key, "messageId": message_id(batch, self.event, person.key)}
        if self.event:
            return {**message, "type": "track", "event": self.event, "properties": fields}
        return {**message, "type": "identify", "traits": {**mail, **fields}}


def message_id(batch: str, event: str, key: str) -> str:
    """The same for the same person of the same batch, and telling neither: SHA-256, 40 hexadecimal digits."""
    return hashlib.sha256(as_json([batch, event, key])).hexdigest()[:40]
