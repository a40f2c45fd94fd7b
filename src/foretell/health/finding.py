"""A finding: something about the data or the models that a reader must know, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["warning", "note"]


@dataclass(frozen=True)
class Finding:
    """What a check found: `seen` in figures, `advice` in a sentence. A warning is about whether to believe the
    numbers, a note about what they cannot tell."""

    name: str
    severity: Severity
    seen: str
    advice: str

    @property
    def text(self) -> str:
        """What was seen, and what to do."""
        return f"{self.seen} {self.advice}"
