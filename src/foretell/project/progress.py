"""How long work tells what it is doing, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """A listener: `step` begins a named piece of work of `total` parts, `advance` reports parts done."""

    def step(self, name: str, total: int = 1) -> None: ...

    def advance(self, parts: int = 1) -> None: ...

    def note(self, message: str) -> None: ...


class Silent:
    """The listener that says nothing."""

    def step(self, name: str, total: int = 1) -> None:
        return

    def advance(self, parts: int = 1) -> None:
        return

    def note(self, message: str) -> None:
        return
