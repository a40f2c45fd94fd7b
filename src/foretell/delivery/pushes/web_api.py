"""A tool's web interface: JSON over a checked connection, its limits heard, its refusals told without any address."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from foretell.delivery.connection import Answer, Call, NoAnswer, Server, called
from foretell.delivery.pushes.contract import BatchAnswer, Person, Unreadable, Verdict, all_told

LONGEST_TOLD = 160
ADDRESSES = re.compile(r"[^\s\"'<>,;:()\[\]{}]*@[^\s\"'<>,;:()\[\]{}]*|\+?\d[\d ().-]{6,}\d")
"""Mail addresses, and what looks like a number to call."""


@dataclass(frozen=True)
class WebApi:
    """Where a tool answers, and the headers that say who asks; they and the `token` in them are never shown."""

    server: Server
    headers: Mapping[str, str] = field(repr=False)
    token: str = field(repr=False)
    tls: ssl.SSLContext | None = None

    def ask(self, method: str, path: str, body: Any = None, content_type: str = "application/json") -> Answer:
        """Ask the tool; a body that is no bytes goes as JSON. A token that it repeats is taken out of its answer.
        NoAnswer where there is none."""
        raw = body if body is None or isinstance(body, bytes) else as_json(body)
        typed = {} if raw is None else {"content-type": content_type}
        headers = {"accept": "application/json", "user-agent": "foretell", **typed, **self.headers}
        call = Call(method, self.server.path.rstrip("/") + path, headers, raw)
        answer = called(self.server, call, self.tls)
        return replace(answer, body=answer.body.replace(self.token.encode(), b"..."))

    def read(self, method: str, path: str, body: Any = None) -> Any:
        """What the tool says to a question that changes nothing; Unreadable where it says nothing of use."""
        try:
            answer = self.ask(method, path, body)
        except NoAnswer as failed:
            raise Unreadable(failed.told) from None
        content = json_of(answer)
        if not 200 <= answer.status < 300 or content is None:
            raise Unreadable(told_of(answer))
        return content


def as_json(value: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def json_of(answer: Answer) -> Any:
    """The JSON of an answer; None where it is none."""
    try:
        return json.loads(answer.body)
    except ValueError:
        return None


def without_addresses(text: str) -> str:
    """One short line in which no mail address and no phone number stands, since tools repeat them in what they refuse.

    >>> without_addresses("Email ann@shop.com is invalid")
    'Email ... is invalid'
    """
    line = ADDRESSES.sub("...", " ".join("".join(c if c.isprintable() else " " for c in text).split()))
    return line if len(line) <= LONGEST_TOLD else f"{line[: LONGEST_TOLD - 1]}…"


def told_of(answer: Answer) -> str:
    """An answer in a line: the status, and the tool's own words where it gives some."""
    content = json_of(answer)
    first = content[0] if isinstance(content, list) and content else content
    if isinstance(first, dict) and isinstance(first.get("errors"), list) and first["errors"]:
        first = {**first, **first["errors"][0]} if isinstance(first["errors"][0], dict) else first
    words = (
        next((first[name] for name in ("detail", "message", "title") if first.get(name)), "")
        if isinstance(first, dict)
        else ""
    )
    return without_addresses(f"answered {answer.status}" + (f": {words}" if words else ""))


def seconds_to_wait(answer: Answer) -> float:
    """How long the tool wants to be left alone: by Retry-After, or where its HubSpot or IETF headers say that nothing
    is left of the window."""
    headers = answer.headers
    if (asked := _number(headers.get("retry-after"))) is not None:
        return asked
    if _number(headers.get("x-hubspot-ratelimit-remaining")) == 0:
        return (_number(headers.get("x-hubspot-ratelimit-interval-milliseconds")) or 10_000.0) / 1_000
    if _number(headers.get("ratelimit-remaining")) == 0:
        return _number(headers.get("ratelimit-reset")) or 1.0
    return 0.0


def failed(people: Sequence[Person], failure: NoAnswer) -> BatchAnswer:
    """The verdicts of a call without an answer: what had been sent may have been done."""
    kind = Verdict("unsure" if failure.may_have_arrived else "again", failure.told)
    return BatchAnswer(all_told(people, kind), stop=failure.told if failure.is_final else "")


def refused(people: Sequence[Person], answer: Answer) -> BatchAnswer:
    """The verdicts of an answer that is no success: come again (429), perhaps done (5xx), somebody in it is wrong (400,
    413, 422), or nothing will help before the declaration is mended."""
    told, wait = told_of(answer), seconds_to_wait(answer)
    if answer.status == 429:
        return BatchAnswer(all_told(people, Verdict("again", told)), wait)
    if answer.status >= 500 or answer.status == 408:
        return BatchAnswer(all_told(people, Verdict("unsure", told)), wait)
    if answer.status in (400, 409, 413, 422):
        return BatchAnswer(all_told(people, Verdict("refused", told)), wait, is_of_all=True)
    return BatchAnswer(all_told(people, Verdict("again", told)), wait, stop=told)


def _number(text: str | None) -> float | None:
    try:
        return max(float(text), 0.0) if text else None
    except ValueError:
        return None
