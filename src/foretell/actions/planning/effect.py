"""The effect of a contact: what it adds to the chance of an order within the window, guessed or measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from foretell.actions.playbook import Playbook

Source = Literal["guess", "experiment"]
GUESS_UP_TO = 2.0
"""A guess may be wrong from nothing at all to so many times itself."""


@dataclass(frozen=True)
class Effect:
    """What a contact adds to the chance of an order, absolute (.02: two of a hundred), with an interval; `source` says
    whether somebody believes it or an experiment with `customers` in both arms measured it, `why` in words."""

    added: float
    low: float
    high: float
    source: Source
    why: str
    customers: int = 0

    def __str__(self) -> str:
        """As a marketer says it.

        >>> str(Effect(0.01, 0.0, 0.02, "guess", "a careful guess"))
        '1.0 points (0.0 to 2.0)'
        """
        return f"{_points(self.added)} points ({_points(self.low)} to {_points(self.high)})"


def guessed(playbook: Playbook, asked: float | None = None) -> Effect:
    """What is believed: what was asked for, else what the playbook declares, else what its template assumes. It may be
    wrong from nothing to twice as much.

    An effect of nothing stays nothing: then a plan tells what contact costs, and no gain.
    """
    declared = playbook.part.effect
    if asked is not None:
        added, why = asked, "as you said with --effect"
    elif declared is not None:
        added, why = declared, "as the playbook declares (effect)"
    else:
        added, why = playbook.template.effect, playbook.template.why_effect
    return Effect(added, 0.0, GUESS_UP_TO * added, "guess", why)


def measured(effect: float, low: float, high: float, customers: int) -> Effect:
    """The read-out of the playbook's own campaigns: a difference of shares, with the interval that it was given.
    ValueError where the interval does not hold it."""
    if not low <= effect <= high:
        raise ValueError(f"the effect {effect} is not between {low} and {high}")
    return Effect(effect, low, high, "experiment", "measured against the holdout of its own campaigns", customers)


def _points(share: float) -> str:
    return f"{100 * share + 0.0:.1f}"
