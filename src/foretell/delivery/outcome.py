"""What became of an attempt to deliver."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """`told` is one line without secrets, addresses of customers or the content of the message. Where it was not
    delivered, `is_final` says that another attempt would fare no better."""

    delivered: bool
    told: str
    is_final: bool = False
