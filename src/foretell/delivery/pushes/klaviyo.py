"""Klaviyo: profiles in import jobs, which it works on by itself. Contract: "Bulk Import Profiles", "Get Profiles".

An import changes no consent, and a list that somebody is put on does not subscribe them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

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
from foretell.delivery.pushes.job_wait import USUAL_WAIT, JobWait
from foretell.delivery.pushes.web_api import (
    WebApi,
    as_json,
    failed,
    json_of,
    refused,
    seconds_to_wait,
    told_of,
    without_addresses,
)

URL = "https://a.klaviyo.com"
REVISION = "2026-07-15"
PAGE = 100
LIMITS = Limits(people=10_000, bytes=4_800_000, bytes_of_one=100_000)
ABSENT = Verdict("refused", "no profile there has this external_id, and create = false")
JOBS = "/api/profile-bulk-import-jobs"


@dataclass(frozen=True)
class Klaviyo:
    """Profiles are known by `external_id`; `list_id` is a list that they are put on, empty for none."""

    api: WebApi
    list_id: str = ""
    create: bool = False
    wait: JobWait = USUAL_WAIT
    limits: Limits = LIMITS
    repeats_for: float = ALWAYS
    takes_all_at_once: bool = False

    def unfit(self, person: Person) -> str:
        return ""

    def size(self, person: Person) -> int:
        return len(as_json(_profile(person))) + 1

    def known(self, people: Sequence[Person]) -> Mapping[str, Mapping[str, Value]]:
        found = dict[str, Mapping[str, Value]]()
        for part in parts_of(people, PAGE):
            ids = as_json([person.key for person in part]).decode()
            asked = f"filter={quote(f'any(external_id,{ids})')}&page[size]={PAGE}"
            content = self.api.read("GET", f"/api/profiles?{asked}&fields[profile]=external_id,properties")
            for one in content.get("data") or []:
                told = one.get("attributes") or {}
                found[str(told.get("external_id"))] = told.get("properties") or {}
        return found

    def send(self, people: Sequence[Person], batch: str) -> BatchAnswer:
        absent, there = dict[str, Verdict](), list(people)
        if not self.create:
            try:
                known = self.known(people)
            except Unreadable as told:
                return BatchAnswer(all_told(people, Verdict("again", str(told))))
            absent = {person.key: ABSENT for person in people if person.key not in known}
            there = [person for person in people if person.key in known]
        answer = self._imported(there) if there else BatchAnswer({})
        return BatchAnswer({**absent, **answer.verdicts}, answer.wait_seconds, answer.is_of_all, answer.stop)

    def _imported(self, people: Sequence[Person]) -> BatchAnswer:
        lists = {"lists": {"data": [{"type": "list", "id": self.list_id}]}} if self.list_id else {}
        job = {
            "type": "profile-bulk-import-job",
            "attributes": {"profiles": {"data": [_profile(person) for person in people]}},
            **({"relationships": lists} if lists else {}),
        }
        try:
            answer = self.api.ask("POST", JOBS, {"data": job})
        except NoAnswer as failure:
            return failed(people, failure)
        if answer.status not in (200, 201, 202):
            return refused(people, answer)
        content = json_of(answer)
        number = str((content.get("data") or {}).get("id") or "") if isinstance(content, dict) else ""
        if not number:
            return BatchAnswer(all_told(people, Verdict("unsure", told_of(answer))))
        try:
            verdicts = self._worked(people, f"{JOBS}/{quote(number, safe='')}")
        except Unreadable as told:
            verdicts = all_told(people, Verdict("unsure", f"the import job was taken, but {told}"))
        return BatchAnswer(verdicts, seconds_to_wait(answer))

    def _worked(self, people: Sequence[Person], path: str) -> dict[str, Verdict]:
        """What a job came to, once Klaviyo has worked on it."""
        ended = self.wait.until(lambda: self._job(path), lambda job: job["status"] in ("complete", "cancelled"))
        if ended is None or ended["status"] != "complete":
            told = f"the import job {'was cancelled' if ended else 'has not ended yet'}"
            return all_told(people, Verdict("unsure", told))
        failures = int(ended.get("failed_count") or 0)
        wrong = self._errors(people, path) if failures else {}
        unnamed = Verdict("unsure", f"{failures} failed, and not all of them are named")
        return {person.key: wrong.get(person.key, unnamed if failures > len(wrong) else DONE) for person in people}

    def _job(self, path: str) -> dict[str, Any]:
        told = (self.api.read("GET", path).get("data") or {}).get("attributes") or {}
        return {"status": "", **told}

    def _errors(self, people: Sequence[Person], path: str) -> dict[str, Verdict]:
        """Who was refused, by the place in the import or the profile that an error repeats."""
        wrong, keys, cursor = dict[str, Verdict](), {person.key for person in people}, ""
        by_email = {person.email.casefold(): person.key for person in people if person.email}
        while True:
            page = self.api.read("GET", f"{path}/import-errors" + (f"?page[cursor]={quote(cursor)}" if cursor else ""))
            for one in page.get("data") or []:
                error = one.get("attributes") or {}
                sent = error.get("original_payload") or {}
                sent = sent.get("attributes") or sent
                place = re.search(r"/data/(\d+)(?:/|$)", str((error.get("source") or {}).get("pointer") or ""))
                key = str(sent.get("external_id") or by_email.get(str(sent.get("email") or "").casefold()) or "")
                if key not in keys and place and int(place[1]) < len(people):
                    key = people[int(place[1])].key
                if key in keys:
                    told = str(error.get("detail") or error.get("title") or "refused")
                    wrong[key] = Verdict("refused", without_addresses(told))
            following = parse_qs(urlsplit(str((page.get("links") or {}).get("next") or "")).query)
            cursor = (following.get("page[cursor]") or [""])[0]
            if not cursor:
                return wrong


def _profile(person: Person) -> dict[str, Any]:
    own = {"external_id": person.key, "email": person.email, "phone_number": person.phone}
    properties = {name: value for name, value in person.fields.items() if value is not None}
    named = {name: value for name, value in own.items() if value}
    return {"type": "profile", "attributes": {**named, "properties": properties}}
