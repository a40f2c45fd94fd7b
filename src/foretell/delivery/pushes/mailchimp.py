"""Mailchimp: fields of the members of an audience. Contract: "Add or update list member", "Batch subscribe".

Nobody who left is ever subscribed again. Who is on the audience is changed by a PATCH without a status; who is new
comes by a batch that changes nobody who is there (`update_existing` false); whom its errors name as there is patched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from foretell.delivery.connection import Answer, NoAnswer
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
)
from foretell.delivery.pushes.web_api import WebApi, as_json, failed, json_of, refused, told_of, without_addresses

MOST_NEW, MOST_CHANGED = 500, 25
EXISTS = "ERROR_CONTACT_EXISTS"
ABSENT = Verdict("refused", "not on the audience, and create = false")
THROTTLED_SECONDS = 10.0
PAGE, MOST_ASKED_SINGLY = 1_000, 100


@dataclass(frozen=True)
class Mailchimp:
    """`list_id` is the audience. Whoever is new to it is entered as subscribed where they are known to have consented
    (`has_consent`), otherwise as transactional, which no campaign reaches. `throttled_seconds` is how long to wait
    where too many calls were made: Mailchimp does not say."""

    api: WebApi
    list_id: str
    create: bool = False
    has_consent: bool = False
    throttled_seconds: float = THROTTLED_SECONDS
    repeats_for: float = ALWAYS
    takes_all_at_once: bool = False

    @property
    def limits(self) -> Limits:
        return Limits(people=MOST_NEW if self.create else MOST_CHANGED)

    def unfit(self, person: Person) -> str:
        return "" if "@" in person.email else "no e-mail address"

    def size(self, person: Person) -> int:
        return len(as_json(_fields(person)))

    def known(self, people: Sequence[Person]) -> Mapping[str, Mapping[str, Value]]:
        by_hash = {subscriber_hash(person.email): person.key for person in people}
        found = self._singly(by_hash) if len(people) <= MOST_ASKED_SINGLY else self._by_pages()
        return {by_hash[one]: fields for one, fields in found.items() if one in by_hash}

    def send(self, people: Sequence[Person], batch: str) -> BatchAnswer:
        if not self.create:
            return self._changed(people)
        status = "subscribed" if self.has_consent else "transactional"
        members = [{"email_address": one.email, "status": status, "merge_fields": _fields(one)} for one in people]
        try:
            answer = self.api.ask("POST", self._path, {"members": members, "update_existing": False})
        except NoAnswer as failure:
            return failed(people, failure)
        content = json_of(answer)
        if answer.status != 200 or not isinstance(content, dict) or "errors" not in content:
            return self._refused(people, answer)
        wrong = {str(one.get("email_address", "")).casefold(): one for one in content.get("errors") or []}
        verdicts, there = dict[str, Verdict](), list[Person]()
        for person in people:
            error = wrong.get(person.email.casefold())
            if error is None:
                verdicts[person.key] = DONE
            elif error.get("error_code") == EXISTS:
                there.append(person)
            else:
                verdicts[person.key] = Verdict("refused", without_addresses(str(error.get("error") or "refused")))
        changed = self._changed(there)
        return BatchAnswer({**verdicts, **changed.verdicts}, changed.wait_seconds, stop=changed.stop)

    def _changed(self, people: Sequence[Person]) -> BatchAnswer:
        """The fields of people who are on the audience, one call each, without a word of their status."""
        verdicts = dict[str, Verdict]()
        for place, person in enumerate(people):
            body = {"merge_fields": _fields(person)}
            try:
                answer = self.api.ask("PATCH", f"{self._path}/members/{subscriber_hash(person.email)}", body)
            except NoAnswer as failure:
                ended = failed([person], failure)
            else:
                ended = self._one(person, answer)
            verdicts |= ended.verdicts
            if ended.stop or ended.verdicts[person.key].kind in ("again", "unsure"):
                rest = all_told(people[place + 1 :], Verdict("again", ended.verdicts[person.key].told))
                return BatchAnswer({**verdicts, **rest}, ended.wait_seconds, stop=ended.stop)
        return BatchAnswer(verdicts)

    def _one(self, person: Person, answer: Answer) -> BatchAnswer:
        if 200 <= answer.status < 300:
            return BatchAnswer({person.key: DONE})
        if answer.status == 404 and json_of(answer) is not None:
            return BatchAnswer({person.key: ABSENT})
        return self._refused([person], answer)

    def _refused(self, people: Sequence[Person], answer: Answer) -> BatchAnswer:
        """A 403 without JSON comes from the gate before the interface: too many calls."""
        if answer.status in (403, 429) and json_of(answer) is None:
            told = f"answered {answer.status}: too many calls"
            return BatchAnswer(all_told(people, Verdict("again", told)), self.throttled_seconds)
        if 200 <= answer.status < 300:
            return BatchAnswer(all_told(people, Verdict("unsure", f"answered {answer.status} without results")))
        return refused(people, answer)

    def _singly(self, by_hash: Mapping[str, str]) -> dict[str, Mapping[str, Value]]:
        found = dict[str, Mapping[str, Value]]()
        for one in by_hash:
            try:
                answer = self.api.ask("GET", f"{self._path}/members/{one}?fields=merge_fields")
            except NoAnswer as failure:
                raise Unreadable(failure.told) from None
            content = json_of(answer)
            if answer.status == 200 and isinstance(content, dict):
                found[one] = content.get("merge_fields") or {}
            elif answer.status != 404 or content is None:
                raise Unreadable(told_of(answer))
        return found

    def _by_pages(self) -> dict[str, Mapping[str, Value]]:
        found, fields = dict[str, Mapping[str, Value]](), "members.email_address,members.merge_fields,total_items"
        while True:
            page = self.api.read("GET", f"{self._path}/members?count={PAGE}&offset={len(found)}&fields={fields}")
            members: list[dict[str, Any]] = page.get("members") or []
            before = len(found)
            found |= {subscriber_hash(str(one.get("email_address"))): one.get("merge_fields") or {} for one in members}
            if len(found) == before or len(found) >= int(page.get("total_items") or 0):
                return found

    @property
    def _path(self) -> str:
        return f"/lists/{quote(self.list_id, safe='')}"


def subscriber_hash(email: str) -> str:
    """How Mailchimp names a member: MD5 of the address in small letters; no safeguard.

    >>> subscriber_hash("Urist.McVankab@freddiesjokes.com")
    '62eeb292278cc15f5817cb78f7790b08'
    """
    return hashlib.md5(email.strip().lower().encode(), usedforsecurity=False).hexdigest()


def _fields(person: Person) -> dict[str, Value]:
    return {name: value for name, value in person.fields.items() if value is not None}
