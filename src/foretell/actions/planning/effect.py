"""The effect of a contact: what it adds to the chance of an order within the window, guessed or measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from foretell.actions.playbook import Playbook

Source = Literal["guess", "experiment"]
NORMAL_95 = 1.959964
GUESS_UP_TO = 2.0
"""A guess may be wrong from nothing at all to so many times itself."""
MOSTLY = 0.5


@dataclass(frozen=True)
class Effect:
    """What a contact adds to the chance of an order, absolute (.02: two of a hundred), with an interval; `source` says
    whether somebody believes it or an experiment with `customers` in both arms measured it, `why` in words; `weight`
    is how far what was measured counts (0: nothing but a guess, 1: nothing else)."""

    added: float
    low: float
    high: float
    source: Source
    why: str
    customers: int = 0
    weight: float = 0.0

    @property
    def label(self) -> str:
        """What profit that rests on it is called."""
        if self.source == "guess":
            return "a guess"
        return "measured" if self.weight >= MOSTLY else "measured, and still mostly a guess"

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


def measured(read_outs: Sequence[tuple[float, float, float, int]]) -> Effect | None:
    """What the playbook's own campaigns found, each as (effect, low, high of a 95 % interval, customers of both arms);
    None without one that says anything.

    Several are taken together by their precision, as if all measured one effect (fixed effect: Borenstein, Hedges,
    Higgins and Rothstein, Introduction to Meta-Analysis, 2009, chapter 11).
    """
    known = [one for one in read_outs if one[2] > one[1]]
    if not known:
        return None
    if len(known) == 1:
        return Effect(*known[0][:3], "experiment", _measured_on(known[0][3], 1), known[0][3], 1.0)
    effect, low, high = (np.array([one[place] for one in known]) for place in range(3))
    weight = (2 * NORMAL_95 / (high - low)) ** 2
    added, error = float(np.average(effect, weights=weight)), float(1 / np.sqrt(weight.sum()))
    customers = sum(one[3] for one in known)
    ends = added - NORMAL_95 * error, added + NORMAL_95 * error
    return Effect(added, *ends, "experiment", _measured_on(customers, len(known)), customers, 1.0)


def _measured_on(customers: int, campaigns: int) -> str:
    return f"measured on {customers:,} customers of {campaigns} campaign{'s' if campaigns > 1 else ''} of its own"


def _points(share: float) -> str:
    return f"{100 * share + 0.0:.1f}"
