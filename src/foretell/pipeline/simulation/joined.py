"""What the loop does beside forecasting and acting, each by the function of its command."""

from __future__ import annotations

from foretell.project.place import Place


def retrained(place: Place) -> str:
    """What became of the models."""
    return "not due"
