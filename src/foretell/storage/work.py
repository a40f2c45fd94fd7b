"""What a step works with besides its inputs: the seed, processes, who listens, and where finished parts are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from foretell.project.progress import Progress, Silent
from foretell.storage.artefacts import Artefact, Artefacts, Made


@dataclass(frozen=True)
class Parts:
    """Finished parts of a step that is under way, so that an interrupted step goes on where it stopped."""

    state: Path
    ingredients: Mapping[str, str]

    def kept_or_made(self, artefact: Artefact[Made], which: Mapping[str, str], make: Callable[[], Made]) -> Made:
        """The part that is told by `which`, read or made and kept."""
        return Artefacts(self.state).value_of(artefact, {**self.ingredients, **which}, make)


@dataclass(frozen=True)
class Work:
    """How a step works; none of it but the seed can change what it makes."""

    seed: int = 0
    workers: int = 1
    progress: Progress = field(default_factory=Silent)
    parts: Parts | None = None
