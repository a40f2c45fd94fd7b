"""Evidence that one model is worse than another, by bounds that hold at every look.

A look is a forecast whose window has passed; windows of one sequence do not overlap. The bounds are those of the
asymptotic confidence sequence (see `experiments.sequences`), over customers: a customer who comes up at several looks
is one draw. Looks that differ by more than their customers explain (a sale, a holiday) widen the bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.experiments.sequences import boundary

PLANNED_LOOKS = 4
"""The looks for which the bounds are tightest."""
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
    """What the looks show together, with an error of at most `alpha` at any of them that a model no worse than the
    other is called so. Looks in which nobody is left count nothing."""
    looks = [look for look in sorted(looks, key=lambda one: one.as_of) if len(look.worse)]
    if not looks:
        return NOTHING
    first, all_of = _spread(looks[:1]), _spread(looks)
    keys = len(np.unique(np.concatenate([look.customer_key for look in looks])))
    rows = sum(len(look.worse) for look in looks)
    told = (len(looks), rows, keys)
    if not first.error or not all_of.error:
        return Evidence(all_of.mean, None, None, *told)
    units = first.rows * (first.error / all_of.error) ** 2
    reach = all_of.error * boundary(units, PLANNED_LOOKS * first.rows, 2 * alpha)
    return Evidence(all_of.mean, all_of.mean - reach, all_of.mean + reach, *told)


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


@dataclass(frozen=True)
class _Spread:
    mean: float
    error: float
    rows: int


def _spread(looks: Sequence[Look]) -> _Spread:
    """The mean over all outcomes, with the larger of two standard errors: over customers, and over looks."""
    worse = np.concatenate([look.worse for look in looks])
    rows, mean = len(worse), float(worse.mean())
    off = worse - mean
    _, which = np.unique(np.concatenate([look.customer_key for look in looks]), return_inverse=True)
    of_customers = np.bincount(which, weights=off)
    customers = len(of_customers)
    over_customers = _error(of_customers, customers, rows)
    ends = np.cumsum([len(look.worse) for look in looks])[:-1]
    of_looks = np.array([part.sum() for part in np.split(off, ends)])
    return _Spread(mean, max(over_customers, _error(of_looks, len(looks), rows)), rows)


def _error(sums: np.ndarray, draws: int, rows: int) -> float:
    """The standard error of a mean of `rows` numbers that came in so many independent draws; 0 of a single draw."""
    return float(np.sqrt((sums**2).sum() * draws / (draws - 1)) / rows) if draws > 1 else 0.0
