"""Pushes to tools on this machine, with patience in hundredths of a second."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from foretell.delivery.pushes.contract import Person
from foretell.delivery.pushes.job_wait import JobWait
from foretell.delivery.pushes.pushing import Patience, Push, PushAnswer, push
from foretell.delivery.pushes.targets import Pace, opened
from foretell.project.parts.pushes import PushPart
from foretell.project.place import Place
from foretell.project.progress import Silent
from vendors.speaking import TOKEN

ENVIRONMENT = {"TOOL_TOKEN": TOKEN}
QUICK = Pace(
    timeout=0.15, job=JobWait(0.01, 0.3), throttled=0.01, patience=Patience(4, first_seconds=0.01, longest_seconds=0.2)
)
USUAL: dict[str, dict[str, Any]] = {
    "hubspot": {"key_property": "shop_id", "fields": {"score": "score"}},
    "salesforce": {"key_property": "Shop_Id__c", "fields": {"Score__c": "score"}},
    "mailchimp": {"list": "audience", "email": "email", "fields": {"SCORE": "score"}},
    "klaviyo": {"email": "email", "fields": {"score": "score"}},
    "segment": {"create": True, "email": "email", "fields": {"score": "score"}},
}


def declared(kind: str, url: str, **settings: Any) -> PushPart:
    """A push to a tool at this URL."""
    whole = {"name": "tool", "kind": kind, "url": url, "secret_env": "TOOL_TOKEN", "allow_private": True}
    return PushPart.model_validate({**whole, **USUAL[kind], **settings})


def way(kind: str, url: str, folder: Path, **settings: Any) -> Push:
    """The same, opened."""
    return opened(declared(kind, url, **settings), Place.of_results(folder), ENVIRONMENT, QUICK)


def person(number: int, field: str = "score", value: Any = 0.5, **own: str) -> Person:
    """Somebody whose key is `k` and a number."""
    return Person(f"k{number}", {field: value}, **{"email": f"k{number}@shop.example", **own})


def people(count: int, field: str = "score") -> list[Person]:
    return [person(number, field) for number in range(count)]


def sent(opened_push: Push, everybody: list[Person], batch: str = "b1") -> PushAnswer:
    return push(opened_push, everybody, batch, Silent())


def table(count: int) -> pa.Table:
    return pa.table(
        {
            "customer_id": [f"k{number}" for number in range(count)],
            "email": [f"k{number}@shop.example" for number in range(count)],
            "score": [0.5] * count,
        }
    )


def push_hubspot(url: str, folder: Path, count: int, once: bool) -> None:
    """What a child process does that is to be stopped."""
    sent(way("hubspot", url, folder, create=True, once=once), people(count))
