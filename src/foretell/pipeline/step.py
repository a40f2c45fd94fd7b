"""A step of a run: what it makes, what goes into it, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from foretell.pipeline.facts import Given, RunFact
from foretell.storage.artefacts import Artefact, Made


@dataclass(frozen=True)
class Step(Generic[Made]):
    """One step: the artefact that it makes, what it needs, and how it is made."""

    artefact: Artefact[Made]
    needs: tuple[Artefact[Any] | RunFact[Any], ...]
    make: Callable[[Given], Made]
    title: str = ""
    daily: bool = False

    @property
    def name(self) -> str:
        """The name of the artefact."""
        return self.artefact.name
