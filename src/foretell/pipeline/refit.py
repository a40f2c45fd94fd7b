"""Cutting segments anew: asked now, done by the next run, and recorded beside the cut points."""

from __future__ import annotations

from foretell.answers.published import published
from foretell.pipeline.run import REFIT
from foretell.project.place import Place


def refit(place: Place) -> str:
    """Let the next run cut segments anew; says what was recorded."""
    published(place).catalogue.set(REFIT, "asked")
    return "The next run cuts all segments anew; that is recorded beside the cut points."
