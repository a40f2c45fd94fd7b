"""Waiting for a job that a tool works on by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from foretell.delivery.pushes.contract import Unreadable

Told = TypeVar("Told")


@dataclass(frozen=True)
class JobWait:
    """Ask every `every_seconds`, for `at_most_seconds` in all."""

    every_seconds: float = 2.0
    at_most_seconds: float = 900.0

    def until(self, ask: Callable[[], Told], is_ended: Callable[[Told], bool]) -> Told | None:
        """What a job says once it has ended; None where it has not in time. What cannot be read is asked again; where
        that is so until the end, Unreadable."""
        ends, told, failure = time.monotonic() + self.at_most_seconds, None, None
        while True:
            try:
                told, failure = ask(), None
                if is_ended(told):
                    return told
            except Unreadable as error:
                failure = error
            if time.monotonic() + self.every_seconds > ends:
                if failure:
                    raise failure
                return None
            time.sleep(self.every_seconds)


USUAL_WAIT = JobWait()
