"""Salesforce: rows of an object by Bulk API 2.0. Contract: "Bulk API 2.0 Ingest".

A job is begun, given its CSV, and closed; only then does Salesforce work on it. With `create` it is an upsert by an
external id. Without, the ids of the rows that are there are looked up, and an update by id cannot make anybody.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

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
from foretell.delivery.pushes.web_api import WebApi, failed, json_of, refused, told_of, without_addresses

VERSION = "v66.0"
ASKED_AT_ONCE = 200
LIMITS = Limits(people=10_000, bytes=90_000_000)
ABSENT = Verdict("refused", "no row there has this external id, and create = false")
ENDED = ("JobComplete", "Failed", "Aborted")


@dataclass(frozen=True)
class Salesforce:
    """`key_property` is a field of the object that is marked as External ID. An empty cell leaves a value as it is."""

    api: WebApi
    object: str
    key_property: str
    create: bool = False
    wait: JobWait = USUAL_WAIT
    limits: Limits = LIMITS
    repeats_for: float = ALWAYS
    takes_all_at_once: bool = False

    def unfit(self, person: Person) -> str:
        return ""

    def size(self, person: Person) -> int:
        return sum(len(cell.encode()) + 3 for cell in (person.key, *map(_cell, person.fields.values()))) + 20

    def known(self, people: Sequence[Person]) -> Mapping[str, Mapping[str, Value]]:
        return self._rows(people, sorted({name for person in people for name in person.fields}))

    def send(self, people: Sequence[Person], batch: str) -> BatchAnswer:
        if self.create:
            return self._worked(people, self.key_property, {person.key: person.key for person in people})
        try:
            ids = {key: str(row["Id"]) for key, row in self._rows(people, []).items()}
        except Unreadable as told:
            return BatchAnswer(all_told(people, Verdict("again", str(told))))
        absent = {person.key: ABSENT for person in people if person.key not in ids}
        there = [person for person in people if person.key in ids]
        answer = self._worked(there, "Id", ids) if there else BatchAnswer({})
        return BatchAnswer({**absent, **answer.verdicts}, answer.wait_seconds, answer.is_of_all, answer.stop)

    def _worked(self, people: Sequence[Person], id_column: str, ids: Mapping[str, str]) -> BatchAnswer:
        """One job: each person stands in its first column by `ids`."""
        columns = list(dict.fromkeys(name for person in people for name in person.fields))
        rows = [[ids[person.key], *(_cell(person.fields.get(name)) for name in columns)] for person in people]
        kind = {"externalIdFieldName": self.key_property, "operation": "upsert"}
        job = {"object": self.object, "contentType": "CSV", "lineEnding": "LF", "columnDelimiter": "COMMA"}
        try:
            begun = self.api.ask("POST", self._jobs, {**job, **(kind if self.create else {"operation": "update"})})
            number = str((json_of(begun) or {}).get("id") or "") if begun.status < 300 else ""
            if not number:
                return refused(people, begun)
            path = f"{self._jobs}/{quote(number, safe='')}"
            given = self.api.ask("PUT", f"{path}/batches", _csv([[id_column, *columns], *rows]), "text/csv")
        except NoAnswer as failure:
            # Nothing is worked on before the job is closed, so that nothing can have been done.
            return BatchAnswer(all_told(people, Verdict("again", failure.told)), stop=_final(failure))
        if given.status >= 300:
            return refused(people, given)
        try:
            closed = self.api.ask("PATCH", path, {"state": "UploadComplete"})
        except NoAnswer as failure:
            return failed(people, failure)
        if closed.status >= 300:
            return refused(people, closed)
        return self._results(people, path, id_column, {one: key for key, one in ids.items()})

    def _results(self, people: Sequence[Person], path: str, column: str, key_of: Mapping[str, str]) -> BatchAnswer:
        try:
            ended = self.wait.until(lambda: self.api.read("GET", path), lambda job: job.get("state") in ENDED)
            if ended is None:
                return BatchAnswer(all_told(people, Verdict("unsure", "the job has not ended yet")))
            listed = {name: self._listed(path, name) for name in ("successfulResults", "failedResults")}
            listed["unprocessedrecords"] = self._listed(path, "unprocessedrecords")
        except Unreadable as told:
            return BatchAnswer(all_told(people, Verdict("unsure", f"the job was taken, but {told}")))
        verdicts = dict[str, Verdict]()
        for name, rows in listed.items():
            for row in rows:
                key = key_of.get(row.get(column) or row.get("sf__Id") or "")
                if key is not None:
                    verdicts[key] = _verdict(name, row)
        missing = Verdict("unsure", f"the job ended as {ended['state']} and lists this row nowhere")
        return BatchAnswer({person.key: verdicts.get(person.key, missing) for person in people})

    def _listed(self, path: str, name: str) -> list[dict[str, str]]:
        try:
            answer = self.api.ask("GET", f"{path}/{name}/")
        except NoAnswer as failure:
            raise Unreadable(failure.told) from None
        if answer.status != 200:
            raise Unreadable(told_of(answer))
        return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8", "replace"), newline="")))

    def _rows(self, people: Sequence[Person], names: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """The rows of those who are there, by key; an id that two rows have is nobody's."""
        found = dict[str, Mapping[str, Any]]()
        for part in parts_of(people, ASKED_AT_ONCE):
            keys = {person.key.casefold(): person.key for person in part}
            listed = ",".join("'" + key.replace("\\", "\\\\").replace("'", "\\'") + "'" for key in keys.values())
            fields = ", ".join(dict.fromkeys(["Id", self.key_property, *names]))
            asked = f"SELECT {fields} FROM {self.object} WHERE {self.key_property} IN ({listed})"
            content = self.api.read("GET", f"/services/data/{VERSION}/query?q={quote(asked, safe='')}")
            for row in content.get("records") or []:
                key = keys.get(str(row.get(self.key_property)).casefold())
                if key is not None:
                    found[key] = row
        return found

    @property
    def _jobs(self) -> str:
        return f"/services/data/{VERSION}/jobs/ingest"


def _verdict(listing: str, row: Mapping[str, str]) -> Verdict:
    if listing == "successfulResults":
        return DONE
    if listing == "failedResults":
        return Verdict("refused", without_addresses(row.get("sf__Error") or "refused"))
    return Verdict("again", "the job ended before this row was worked on")


def _cell(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _final(failure: NoAnswer) -> str:
    return failure.told if failure.is_final else ""
