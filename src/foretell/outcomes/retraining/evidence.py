"""Evidence that one model is worse than another, by bounds that hold at every look.

A look is a forecast whose window has passed; windows of one sequence do not overlap. The bounds are those of the
asymptotic confidence sequence (see `experiments.sequences`), over customers: a customer who comes up at several looks
is one draw. Looks that differ by more than their customers explain (a sale, a holiday) widen the bounds.

A model that was good for half a year and then spoils must not live on its credit: every few looks another sequence
begins, with a part of the error of its own, so that together they err no more often than one would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.experiments.sequences import boundary

PLANNED_LOOKS = 4
"""The looks for which the bounds are tightest, and after which another sequence begins."""
LEAST_LOOKS = 2
"""One odd week shows nothing."""


@dataclass(frozen=True)
class Look:
    """One window: `customer_key` uint64, each once, and `worse`, float64, by how much the loss of the model was larger
    than that of the other."""

    as_of: int
    customer_key: np.ndarray
    worse: np.ndarray


@dataclass(frozen=True)
class Evidence:
    """By how much the model's mean loss was larger (`worse`) than the other's, with the bounds that hold at every look;
    None where there is no variation yet. `looks` windows with `rows` outcomes of `customers`."""

    worse: float
    low: float | None
    high: float | None
    looks: int
    rows: int
    customers: int

    @property
    def shown(self) -> bool:
        """Whether the model is shown to be worse, by `LEAST_LOOKS` windows or more."""
        return self.looks >= LEAST_LOOKS and self.low is not None and self.low > 0


NOTHING = Evidence(0.0, None, None, 0, 0, 0)


def evidence(looks: Sequence[Look], alpha: float) -> Evidence:
    """What the looks show, with an error of at most `alpha` at any of them that a model no worse than the other is
    called so: all of them together, or the longest sequence of the newest that shows it. Looks in which nobody is left
    count nothing."""
    looks = [look for look in sorted(looks, key=lambda one: one.as_of) if len(look.worse)]
    if not looks:
        return NOTHING
    keys = np.unique(np.concatenate([look.customer_key for look in looks]))
    worse, times = np.zeros(len(keys)), np.zeros(len(keys))
    found = []
    for at in reversed(range(len(looks))):
        place = np.searchsorted(keys, looks[at].customer_key)
        worse[place] += looks[at].worse
        times[place] += 1
        if at % PLANNED_LOOKS == 0:
            begun = at // PLANNED_LOOKS + 1
            found.append(_bounds(looks[at:], worse, times, alpha / (begun * (begun + 1))))
    return next((one for one in reversed(found) if one.shown), found[-1])


def apart(moments: Sequence[int], length: int) -> list[int]:
    """The earliest moments whose windows of that length do not overlap.

    >>> apart([3, 0, 7, 10, 12], 7)
    [0, 7]
    """
    found: list[int] = []
    for moment in sorted(set(moments)):
        if not found or moment >= found[-1] + length:
            found.append(moment)
    return found


def _bounds(looks: Sequence[Look], worse: np.ndarray, times: np.ndarray, alpha: float) -> Evidence:
    """The bounds of one sequence; of each customer the sum of what was `worse`, and at how many looks."""
    rows = int(times.sum())
    mean = float(worse.sum()) / rows
    of_customers = (worse - mean * times)[times > 0]
    of_looks = np.array([look.worse.sum() - mean * len(look.worse) for look in looks])
    told = (len(looks), rows, len(of_customers))
    error = max(_error(of_customers, rows), _error(of_looks, rows))
    first = looks[0].worse
    error_of_first = _error(first - first.mean(), len(first))
    if not error_of_first:
        return Evidence(mean, None, None, *told)
    units = len(first) * (error_of_first / error) ** 2
    reach = error * boundary(units, PLANNED_LOOKS * len(first), 2 * alpha)
    return Evidence(mean, mean - reach, mean + reach, *told)


def _error(sums: np.ndarray, rows: int) -> float:
    """The standard error of a mean of `rows` numbers, from what each independent draw is off it; 0 of a single draw."""
    draws = len(sums)
    return float(np.sqrt((sums**2).sum() * draws / (draws - 1)) / rows) if draws > 1 else 0.0
