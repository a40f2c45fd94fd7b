"""What the loop does beside forecasting and acting, each by the function of its command."""

from __future__ import annotations

from foretell.project.place import Place


def watched(place: Place) -> tuple[str, ...] | None:
    """What is broken in sources, features and scores, a sentence each; None where nothing watches."""
    return None


def retrained(place: Place) -> str:
    """What became of the models."""
    return "not due"
