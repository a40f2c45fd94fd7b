"""A segment set: named groups of which every customer is in one, decided by a rule with cut points fitted on a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from foretell.segments.standing import Standing

Cuts = Mapping[str, Any]
"""What was fitted on a day, in plain values: of built-in sets, thresholds by name, ascending, of which infinite ones
stand for a class that nobody is in."""

CLASSES = 5


class SegmentSet(Protocol):
    """`segments` are the names, in the order of the codes; `is_ordered` says that the first is the best and each
    next one worse. A customer's code depends on their own standing and the cuts, never on the others."""

    @property
    def name(self) -> str: ...

    @property
    def segments(self) -> tuple[str, ...]: ...

    @property
    def is_ordered(self) -> bool: ...

    @property
    def features(self) -> tuple[str, ...]:
        """The features and signs of engagement that the standing must hold besides its own facts."""
        ...

    @property
    def levels(self) -> Mapping[str, str]:
        """For each list of cut points on an amount, the fact that it cuts."""
        ...

    @property
    def rules(self) -> tuple[str, ...]:
        """One sentence a segment: who is in it."""
        ...

    def fit(self, standing: Standing) -> Cuts:
        """Cut points of everybody on one day."""
        ...

    def assign(self, standing: Standing, cuts: Cuts) -> np.ndarray:
        """int64: the code of each customer's segment."""
        ...


def quintile_cuts(values: np.ndarray) -> list[float]:
    """The four smallest values of classes 2 to 5, by the share of values below and half of those equal; infinite
    where nobody is in the class or above. Equal values share a class.

    >>> quintile_cuts(np.array([1.0, 2, 3, 4, 5]))
    [2.0, 3.0, 4.0, 5.0]
    >>> quintile_cuts(np.array([1.0, 1, 1, 1, 9]))
    [1.0, 1.0, 9.0, 9.0]
    """
    distinct, counts = np.unique(np.asarray(values, dtype=np.float64), return_counts=True)
    below = np.cumsum(counts) - counts
    share = (below + counts / 2) / max(len(values), 1)
    found = np.minimum(np.floor(share * CLASSES + 1e-12).astype(np.int64) + 1, CLASSES)
    reached = np.searchsorted(found, np.arange(2, CLASSES + 1))
    return [float(distinct[place]) if place < len(distinct) else float("inf") for place in reached]


def classed(values: np.ndarray, cuts: list[float]) -> np.ndarray:
    """int64 from 1: one more than the cuts that are not above the value.

    >>> classed(np.array([0.0, 2.0, 9.0]), [1.0, 2.0, 3.0, 4.0]).tolist()
    [1, 3, 5]
    """
    return np.searchsorted(np.asarray(cuts), np.asarray(values, dtype=np.float64), side="right") + 1
