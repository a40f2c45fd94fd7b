"""HubSpot and Salesforce as their published contracts say."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Any

from vendors.speaking import Asked, Said, Vendor


class HubSpotServer(Vendor):
    """Contacts by record id. Batches hold a hundred; one wrong value refuses a batch, one bad contact a part of it."""

    def __init__(self, key_property: str = "shop_id") -> None:
        super().__init__()
        self.key_property = key_property
        self.records: dict[str, dict[str, Any]] = {}
        self.writes: Counter[str] = Counter()

    def there(self, key: str, **properties: Any) -> None:
        number = str(1_000 + len(self.records))
        self.records[number] = {self.key_property: key, **properties}

    def by_key(self) -> dict[str, dict[str, Any]]:
        return {str(one[self.key_property]): one for one in self.records.values()}

    def answer(self, asked: Asked) -> Said:
        verb = asked.path.removeprefix("/crm/objects/2026-03/contacts/batch/")
        inputs = asked.json["inputs"]
        if len(inputs) > 100:
            return Said(400, {"status": "error", "message": "the limit is 100", "category": "VALIDATION_ERROR"})
        if any(one.get("idProperty") == "email" for one in inputs) and verb == "update":
            return Said(400, {"message": "Unable to perform update/upsert by non-unique property"})
        if verb == "read":
            return self._read(asked.json)
        for one in inputs:
            for name, value in one["properties"].items():
                if not isinstance(value, str) or (name == "score" and not re.fullmatch(r"-?[\d.]+", value)):
                    return Said(400, {"message": f"Property values were not valid: {value}", "category": "VALIDATION"})
        return self._written(verb, inputs)

    def _read(self, body: dict[str, Any]) -> Said:
        numbers = {str(one[self.key_property]): number for number, one in self.records.items()}
        wanted = [one["id"] for one in body["inputs"]]
        results = [
            {
                "id": numbers[key],
                "properties": {name: _text(self.records[numbers[key]].get(name)) for name in body["properties"]},
            }
            for key in wanted
            if key in numbers
        ]
        missing = [key for key in wanted if key not in numbers]
        if not missing:
            return Said(200, {"status": "COMPLETE", "results": results})
        error = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "gone", "context": {"ids": missing}}
        return Said(207, {"status": "COMPLETE", "results": results, "numErrors": 1, "errors": [error]})

    def _written(self, verb: str, inputs: list[dict[str, Any]]) -> Said:
        numbers = {str(one[self.key_property]): number for number, one in self.records.items()}
        results, errors = [], []
        for one in inputs:
            number = one["id"] if verb == "update" else numbers.get(one["id"])
            if one["properties"].get("email") == "bad@" or (verb == "update" and number not in self.records):
                message = f"Email address {one['properties'].get('email')} is invalid"
                errors.append({"category": "INVALID", "message": message, "context": {"ids": [one["id"]]}})
                continue
            if number is None:
                number = str(1_000 + len(self.records))
                self.records[number] = {self.key_property: one["id"]}
            self.records[number] |= one["properties"]
            self.writes[str(self.records[number][self.key_property])] += 1
            results.append({"id": number, "properties": one["properties"]})
        body = {"status": "COMPLETE", "results": results}
        if errors:
            return Said(207, {**body, "numErrors": len(errors), "errors": errors})
        return Said(200, body)


class SalesforceServer(Vendor):
    """Jobs of Bulk API 2.0 over one object; `fails_after` rows of a job it is Failed, the rest unprocessed."""

    def __init__(self, key_property: str = "Shop_Id__c") -> None:
        super().__init__()
        self.key_property = key_property
        self.rows: dict[str, dict[str, str]] = {}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.fails_after: int | None = None
        self.writes: Counter[str] = Counter()

    def there(self, key: str, **fields: str) -> None:
        self.rows[f"003{len(self.rows):012d}AAA"] = {self.key_property: key, **fields}

    def by_key(self) -> dict[str, dict[str, str]]:
        return {row[self.key_property]: row for row in self.rows.values()}

    def answer(self, asked: Asked) -> Said:
        path = re.sub(r"^/services/data/v\d+\.\d", "", asked.path)
        if path == "/query":
            return self._query(asked.query["q"])
        parts = path.strip("/").split("/")
        if asked.method == "POST":
            return self._begun(asked.json)
        job = self.jobs[parts[2]]
        if asked.method == "PUT":
            job["text"] = asked.body.decode()
            return Said(201, b"")
        if asked.method == "PATCH":
            job["state"] = "InProgress"
            self._work(job)
            return Said(200, {"id": parts[2], "state": "UploadComplete"})
        if len(parts) == 3:
            job["polled"] += 1
            return Said(200, {"id": parts[2], "state": job["end"] if job["polled"] > 1 else "InProgress"})
        return Said(200, _csv(job[parts[3]]), {"content-type": "text/csv"})

    def _begun(self, job: dict[str, Any]) -> Said:
        if job["operation"] == "upsert" and job.get("externalIdFieldName") != self.key_property:
            return Said(400, [{"errorCode": "INVALIDJOB", "message": "no such external id"}])
        if job["contentType"] != "CSV" or job["lineEnding"] != "LF":
            return Said(400, [{"errorCode": "INVALIDJOB", "message": "the line ending is not that of the file"}])
        number = f"750{len(self.jobs)}"
        self.jobs[number] = {**job, "polled": 0}
        return Said(200, {"id": number, "state": "Open"})

    def _work(self, job: dict[str, Any]) -> None:
        rows = list(csv.DictReader(io.StringIO(job["text"])))
        by_key = {row[self.key_property]: number for number, row in self.rows.items()}
        done, failed, left = list[dict[str, str]](), list[dict[str, str]](), list[dict[str, str]]()
        repeated = Counter(row.get(self.key_property) or row.get("Id") for row in rows)
        for place, row in enumerate(rows):
            number = row.get("Id") or by_key.get(row.get(self.key_property, ""))
            if self.fails_after is not None and place >= self.fails_after:
                left.append(row)
            elif row.get("Score__c") == "wrong" or max(repeated.values()) > 1:
                failed.append({"sf__Id": number or "", "sf__Error": "INVALID_TYPE:a number:Score__c --", **row})
            else:
                made = number is None
                number = number or f"003{len(self.rows):012d}AAA"
                self.rows.setdefault(number, {})
                self.rows[number] |= {name: value for name, value in row.items() if value and name != "Id"}
                self.writes[self.rows[number][self.key_property]] += 1
                done.append({"sf__Id": number, "sf__Created": str(made).lower(), **row})
        job |= {"successfulResults": done, "failedResults": failed, "unprocessedrecords": left}
        job["end"] = "Failed" if left else "JobComplete"

    def _query(self, text: str) -> Said:
        keys = set(re.findall(r"'((?:[^'\\]|\\.)*)'", text))
        names = [name.strip() for name in text.split("SELECT ")[1].split(" FROM ", maxsplit=1)[0].split(",")]
        found = [
            {name: number if name == "Id" else row.get(name) for name in names}
            for number, row in self.rows.items()
            if row[self.key_property] in {key.replace("\\'", "'") for key in keys}
        ]
        return Said(200, {"totalSize": len(found), "done": True, "records": found})


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _csv(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue().encode()
