"""RFM segments: recency, frequency and money in up to five classes each, and the usual eleven names.

Classes are cut at quintiles of everybody on the day on which they are fitted; equal values share a class, and a log
with few distinct values has fewer classes. Two things do not depend on cuts: one order is the lowest class of
frequency, and whoever ordered lately has not lapsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from foretell.segments.segment_set import CLASSES, Cuts, classed, quintile_cuts
from foretell.segments.standing import Standing

LATELY = 4
"""The lowest class of recency of those who ordered lately."""
LATELY_DAYS = (7, 30)
RULES: tuple[tuple[str, tuple[int, int], tuple[int, int]], ...] = (
    ("Champions", (5, 5), (4, 5)),
    ("Loyal", (3, 4), (4, 5)),
    ("Cannot lose", (1, 1), (5, 5)),
    ("At risk", (1, 2), (3, 5)),
    ("Potential loyalist", (4, 5), (2, 3)),
    ("Need attention", (3, 3), (3, 3)),
    ("New", (5, 5), (1, 1)),
    ("Promising", (4, 4), (1, 1)),
    ("About to sleep", (3, 3), (1, 2)),
    ("Hibernating", (2, 2), (1, 2)),
    ("Lost", (1, 1), (1, 2)),
)
"""Name, range of the recency class, range of the frequency-and-money class (5 is best); the first that holds."""


class Rfm:
    """The eleven RFM segments over the window; the first rule that holds counts. One class stands for frequency and
    money: the rounded mean of the two.

    Silence is counted in whole days. It is no lapse while it lasts no longer than the customer's mean gap in the
    window, a week at least and 30 days at most.
    """

    name = "rfm"
    segments = tuple(name for name, _, _ in RULES)
    is_ordered = False
    features: tuple[str, ...] = ()
    levels: ClassVar[Mapping[str, str]] = {"frequency": "orders", "money": "spend"}

    @property
    def rules(self) -> tuple[str, ...]:
        """One sentence a segment."""
        return tuple(
            f"recency class {_range(recency)} and frequency-and-money class {_range(value)}, 5 the best"
            for _, recency, value in RULES
        )

    def fit(self, standing: Standing) -> Cuts:
        """Quintiles of recency (the negative of silence), frequency and money."""
        facts = standing.facts
        return {
            "recency": quintile_cuts(-facts["silent_days"]),
            "frequency": quintile_cuts(facts["orders"]),
            "money": quintile_cuts(facts["spend"]),
        }

    def assign(self, standing: Standing, cuts: Cuts) -> np.ndarray:
        """int64: the place of each customer's segment in `segments`."""
        recency, value = self.classes(standing, cuts)
        return TABLE[recency, value]

    def classes(self, standing: Standing, cuts: Cuts) -> tuple[np.ndarray, np.ndarray]:
        """int64 1 to 5: the class of recency, and that of frequency and money."""
        silent, orders = standing.facts["silent_days"], standing.facts["orders"]
        is_late = silent > np.clip(standing.window_days / np.maximum(orders, 1), *LATELY_DAYS)
        recency = classed(-silent, cuts["recency"])
        recency = np.where(is_late, recency, np.maximum(recency, LATELY))
        frequency = np.where(orders > 1, classed(orders, cuts["frequency"]), 1)
        money = classed(standing.facts["spend"], cuts["money"])
        return recency, np.floor((frequency + money) / 2 + 0.5).astype(np.int64)


def _range(classes: tuple[int, int]) -> str:
    low, high = classes
    return str(low) if low == high else f"{low} to {high}"


def _table() -> np.ndarray:
    """int64 [6, 6]: the place of the segment by class of recency and of value."""
    table = np.zeros((CLASSES + 1, CLASSES + 1), dtype=np.int64)
    for place, (_, (r_low, r_high), (v_low, v_high)) in reversed(list(enumerate(RULES))):
        table[r_low : r_high + 1, v_low : v_high + 1] = place
    return table


TABLE = _table()
