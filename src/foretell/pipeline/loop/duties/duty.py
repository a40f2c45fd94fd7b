"""A duty of the loop: why it is due, and what it does; and what a duty may look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from foretell.project.declaration import FILE_NAME, Declaration, read_declaration
from foretell.project.parts.loop import LoopPart
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.storage.catalogue import Catalogue, RunRecord


@dataclass(frozen=True)
class Loop:
    """What a duty may look at; `at` is the moment of a contact that it makes (microseconds UTC).

    What a duty answered to is kept in the catalogue once the duty is done: it is due again when that has changed.
    """

    place: Place
    progress: Progress
    at: int
    declared: Declaration | None

    @classmethod
    def of(cls, place: Place, progress: Progress, at: int) -> Loop:
        """The loop of a place, by the declaration beside its state; InputError where that cannot be read."""
        path = place.state.parent / FILE_NAME
        return cls(place, progress, at, read_declaration(path) if path.is_file() else None)

    @property
    def part(self) -> LoopPart:
        """What was declared about the loop."""
        return self.declared.loop if self.declared else LoopPart()

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of runs."""
        return Catalogue(self.place.state)

    @property
    def newest(self) -> RunRecord | None:
        """The newest published run; None without one."""
        return next(iter(self.catalogue.runs()), None)

    def answered(self, duty: str) -> str:
        """What a duty answered to when it was done last; empty where it never was."""
        return self.catalogue.setting(f"tick: {duty}") or ""

    def answer(self, duty: str, to: str) -> None:
        """Keep what a duty has answered to."""
        self.catalogue.set(f"tick: {duty}", to)


@dataclass(frozen=True)
class Duty:
    """`why` looks whether it is due, writes nothing, and says why, or nothing; `do` does it, and says what was done.
    Both raise InputError where something stands in the way."""

    name: str
    why: Callable[[Loop], str]
    do: Callable[[Loop], str]
