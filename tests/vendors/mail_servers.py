"""Mailchimp, Klaviyo and Segment as their published contracts say."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from typing import Any

from vendors.speaking import TOKEN, Asked, Said, Vendor


class MailchimpServer(Vendor):
    """One audience. Too many calls are a 403 without JSON, a batch with errors is a 200."""

    def __init__(self) -> None:
        super().__init__()
        self.members: dict[str, dict[str, Any]] = {}
        self.writes: Counter[str] = Counter()

    def is_known(self, asked: Asked) -> bool:
        return base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).endswith(f":{TOKEN}".encode())

    def there(self, email: str, status: str = "subscribed", **fields: Any) -> None:
        name = hashlib.md5(email.lower().encode()).hexdigest()
        self.members[name] = {"email_address": email, "status": status, "merge_fields": fields}

    def by_email(self) -> dict[str, dict[str, Any]]:
        return {one["email_address"]: one for one in self.members.values()}

    def answer(self, asked: Asked) -> Said:
        parts = asked.path.strip("/").split("/")
        if parts[:2] != ["lists", "audience"]:
            return Said(404, {"title": "Resource Not Found", "status": 404})
        if asked.method == "POST":
            return self._batch(asked.json)
        if len(parts) == 3:
            start, count = int(asked.query["offset"]), int(asked.query["count"])
            every = list(self.members.values())
            return Said(200, {"members": every[start : start + count], "total_items": len(every)})
        member = self.members.get(parts[3])
        if member is None:
            return Said(404, {"title": "Resource Not Found", "status": 404})
        if asked.method == "GET":
            return Said(200, member)
        if "status" in asked.json:
            member["status"] = asked.json["status"]
        member["merge_fields"] |= asked.json["merge_fields"]
        self.writes[member["email_address"]] += 1
        return Said(200, member)

    def _batch(self, body: dict[str, Any]) -> Said:
        if len(body["members"]) > 500:
            return Said(400, {"title": "Invalid Resource", "detail": "more than 500 members"})
        new, changed, errors = list[str](), list[str](), list[dict[str, str]]()
        for one in body["members"]:
            email, name = one["email_address"], hashlib.md5(one["email_address"].lower().encode()).hexdigest()
            if email.startswith("fake"):
                errors.append({"email_address": email, "error": f"{email} looks fake", "error_code": "ERROR_GENERIC"})
            elif name in self.members and not body["update_existing"]:
                told = {"error": f"{email} is already a list member", "error_code": "ERROR_CONTACT_EXISTS"}
                errors.append({"email_address": email, **told})
            else:
                (changed if name in self.members else new).append(email)
                self.members[name] = one
                self.writes[email] += 1
        return Said(200, {"new_members": new, "updated_members": changed, "errors": errors, "error_count": len(errors)})


class KlaviyoServer(Vendor):
    """Import jobs that end when they have been asked about twice; profiles by external id."""

    def __init__(self) -> None:
        super().__init__()
        self.profiles: dict[str, dict[str, Any]] = {}
        self.jobs: list[dict[str, Any]] = []
        self.end = "complete"
        self.names_errors = True
        self.writes: Counter[str] = Counter()

    def answer(self, asked: Asked) -> Said:
        if not asked.headers.get("revision") or not asked.headers["authorization"].startswith("Klaviyo-API-Key "):
            return Said(400, {"errors": [{"detail": "no revision"}]})
        if asked.path == "/api/profiles":
            wanted = json.loads(asked.query["filter"].removeprefix("any(external_id,").removesuffix(")"))
            found = [one for key, one in self.profiles.items() if key in wanted]
            return Said(200, {"data": [{"type": "profile", "attributes": one} for one in found[:100]]})
        if asked.method == "POST":
            return self._begun(asked)
        parts = asked.path.strip("/").split("/")
        job = self.jobs[int(parts[2])]
        if len(parts) == 3:
            job["polled"] += 1
            status = self.end if job["polled"] > 1 else "processing"
            counts = {"failed_count": len(job["errors"]), "total_count": job["total"]}
            return Said(200, {"data": {"id": parts[2], "attributes": {"status": status, **counts}}})
        start, every = int(asked.query.get("page[cursor]", 0)), job["errors"] if self.names_errors else []
        following = f"https://elsewhere.example/x?page%5Bcursor%5D={start + 2}" if start + 2 < len(every) else None
        return Said(200, {"data": every[start : start + 2], "links": {"next": following}})

    def _begun(self, asked: Asked) -> Said:
        profiles = asked.json["data"]["attributes"]["profiles"]["data"]
        if len(profiles) > 10_000 or len(asked.body) > 5_000_000:
            return Said(400, {"errors": [{"detail": "too many profiles"}]})
        errors = []
        for place, profile in enumerate(profiles):
            told = profile["attributes"]
            if None in told["properties"].values() or told.get("email", "a@b.example").count("@") != 1:
                source = {"pointer": f"/data/attributes/profiles/data/{place}/attributes/email"}
                attributes = {"code": "invalid", "detail": f"Invalid {told.get('email')}", "source": source}
                errors.append({"type": "import-error", "attributes": attributes})
                continue
            known = self.profiles.setdefault(
                told["external_id"], {"external_id": told["external_id"], "properties": {}}
            )
            known["properties"] |= told["properties"]
            self.writes[told["external_id"]] += 1
        self.jobs.append({"errors": errors, "polled": 0, "total": len(profiles)})
        return Said(202, {"data": {"type": "profile-bulk-import-job", "id": str(len(self.jobs) - 1)}})


class SegmentServer(Vendor):
    """Takes batches, drops in silence what is too large or names nobody, counts each message once."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[str, dict[str, Any]] = {}
        self.received: Counter[str] = Counter()
        self.dropped = 0

    def is_known(self, asked: Asked) -> bool:
        return base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")) == f"{TOKEN}:".encode()

    def answer(self, asked: Asked) -> Said:
        if len(asked.body) > 500_000:
            return Said(400, {"success": False, "message": "payload too large"})
        for one in asked.json["batch"]:
            size = len(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode())
            if size > 32_768 or not one.get("userId"):
                self.dropped += 1
                continue
            self.received[one["userId"]] += 1
            self.messages[one["messageId"]] = one
        return Said(200, {"success": True})
