"""HubSpot: contacts, or another object, a hundred at a time. Contract: "Batch upsert", "Batch read", "Batch update"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foretell.delivery.connection import NoAnswer
from foretell.delivery.pushes.contract import (
    ALWAYS,
    DONE,
    BatchAnswer,
    Limits,
    Person,
    Unreadable,
    Value,
    Verdict,
    all_told,
    parts_of,
)
from foretell.delivery.pushes.web_api import (
    WebApi,
    as_json,
    failed,
    json_of,
    refused,
    seconds_to_wait,
    without_addresses,
)

URL = "https://api.hubapi.com"
VERSION = "2026-03"
LIMITS = Limits(people=100)
ABSENT = Verdict("refused", "nobody there has this key, and create = false")


@dataclass(frozen=True)
class HubSpot:
    """`key_property` is a property with unique values. Without `create`, those who are there are looked up first and
    changed by their record's id: that call cannot make anybody."""

    api: WebApi
    object: str
    key_property: str
    create: bool = False
    limits: Limits = LIMITS
    repeats_for: float = ALWAYS
    takes_all_at_once: bool = False

    def unfit(self, person: Person) -> str:
        return ""

    def size(self, person: Person) -> int:
        return len(as_json(self._properties(person)))

    def known(self, people: Sequence[Person]) -> Mapping[str, Mapping[str, Value]]:
        found = dict[str, Mapping[str, Value]]()
        for part in parts_of(people, self.limits.people):
            names = sorted({name for person in part for name in person.fields})
            found |= {key: one.get("properties") or {} for key, one in self._records(part, names).items()}
        return found

    def send(self, people: Sequence[Person], batch: str) -> BatchAnswer:
        try:
            if self.create:
                inputs = [
                    {"id": person.key, "idProperty": self.key_property, "properties": self._properties(person)}
                    for person in people
                ]
                return self._sent("upsert", people, {person.key: person.key for person in people}, inputs)
            records = {key: str(one["id"]) for key, one in self._records(people, []).items()}
        except Unreadable as told:
            return BatchAnswer(all_told(people, Verdict("again", str(told))))
        there = [person for person in people if person.key in records]
        absent = {person.key: ABSENT for person in people if person.key not in records}
        if not there:
            return BatchAnswer(absent)
        inputs = [{"id": records[person.key], "properties": self._properties(person)} for person in there]
        answer = self._sent("update", there, {records[person.key]: person.key for person in there}, inputs)
        return BatchAnswer({**absent, **answer.verdicts}, answer.wait_seconds, answer.is_of_all, answer.stop)

    def _sent(
        self, verb: str, people: Sequence[Person], key_of: Mapping[str, str], inputs: list[dict[str, Any]]
    ) -> BatchAnswer:
        try:
            answer = self.api.ask("POST", self._path(verb), {"inputs": inputs})
        except NoAnswer as failure:
            return failed(people, failure)
        if answer.status not in (200, 201, 207):
            return refused(people, answer)
        content = json_of(answer)
        if not isinstance(content, dict) or not (content.get("results") or content.get("errors")):
            return BatchAnswer(all_told(people, Verdict("unsure", "answered without results")))
        wrong = dict[str, Verdict]()
        for error in content.get("errors") or []:
            told = without_addresses(str(error.get("message") or error.get("category") or "refused"))
            wrong |= {key_of[one]: Verdict("refused", told) for one in _named(error) if one in key_of}
        counted = int(content.get("numErrors") or len(content.get("errors") or []))
        if counted and not wrong:
            # Nobody is named: whether each of them was done is asked of the results, which repeat the key or the id.
            done = _keys(content.get("results") or [], key_of, self.key_property)
            wrong = {
                person.key: Verdict("refused", f"one of {counted} that failed; HubSpot does not say why")
                for person in people
                if person.key not in done
            }
        return BatchAnswer({person.key: wrong.get(person.key, DONE) for person in people}, seconds_to_wait(answer))

    def _records(self, people: Sequence[Person], names: Sequence[str]) -> dict[str, Any]:
        """The records of those who are there, by key."""
        body = {
            "idProperty": self.key_property,
            "inputs": [{"id": person.key} for person in people],
            "properties": [self.key_property, *names],
        }
        content = self.api.read("POST", self._path("read"), body)
        by_key = {str((one.get("properties") or {}).get(self.key_property)): one for one in content.get("results", [])}
        folded = {key.casefold(): one for key, one in by_key.items()}
        found = {person.key: by_key.get(person.key) or folded.get(person.key.casefold()) for person in people}
        return {key: one for key, one in found.items() if one is not None}

    def _path(self, verb: str) -> str:
        return f"/crm/objects/{VERSION}/{self.object}/batch/{verb}"

    def _properties(self, person: Person) -> dict[str, str]:
        """Texts all: that is what the contract says of every property."""
        own = {self.key_property: person.key} if self.create else {}
        mail = {"email": person.email} if self.create and person.email and self.object == "contacts" else {}
        return {**mail, **own, **{name: _text(value) for name, value in person.fields.items() if value is not None}}


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _named(error: Mapping[str, Any]) -> list[str]:
    """Whom an error is of: its context names ids."""
    context = error.get("context") or {}
    listed = [one for name in ("ids", "id") for one in context.get(name) or []]
    return [str(one) for one in (*listed, *([error["id"]] if error.get("id") else []))]


def _keys(results: Sequence[Mapping[str, Any]], key_of: Mapping[str, str], key_property: str) -> set[str]:
    told = {str(one.get("id")) for one in results}
    told |= {str((one.get("properties") or {}).get(key_property)) for one in results}
    return {key_of[one] for one in told if one in key_of}
