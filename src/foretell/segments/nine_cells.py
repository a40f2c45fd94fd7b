"""Nine cells: three classes of recency by three of frequency and money, from quintile scores over life."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from foretell.segments.segment_set import Cuts, classed, quintile_cuts
from foretell.segments.standing import Standing

RECENCY = (("Recent", "recency score 4 or 5"), ("Lately", "recency score 3"), ("Long ago", "recency score 1 or 2"))
WORTH = (("low", "under 2.5"), ("middle", "from 2.5, under 4"), ("high", "from 4"))


class NineCells:
    """Quintile scores (5 the best) of recency, orders and spend over life, with cut points fitted on a day and kept."""

    name = "nine_cells"
    segments = tuple(f"{recency} {worth}" for recency, _ in RECENCY for worth, _ in WORTH)
    is_ordered = False
    features: tuple[str, ...] = ()
    levels: ClassVar[Mapping[str, str]] = {"frequency": "lifetime_orders", "money": "lifetime_spend"}
    rules = tuple(
        f"{recency}; mean of frequency and money scores {worth}" for _, recency in RECENCY for _, worth in WORTH
    )

    def fit(self, standing: Standing) -> Cuts:
        """Quintiles of recency (the negative of silence), orders and spend over life."""
        facts = standing.facts
        return {
            "recency": quintile_cuts(-facts["silent_days"]),
            "frequency": quintile_cuts(facts["lifetime_orders"]),
            "money": quintile_cuts(facts["lifetime_spend"]),
        }

    def assign(self, standing: Standing, cuts: Cuts) -> np.ndarray:
        """int64: the cell."""
        facts = standing.facts
        recency = classed(-facts["silent_days"], cuts["recency"])
        frequency = classed(facts["lifetime_orders"], cuts["frequency"])
        mean = (frequency + classed(facts["lifetime_spend"], cuts["money"])) / 2
        row = np.where(recency >= 4, 0, np.where(recency == 3, 1, 2))
        return row * 3 + np.searchsorted((2.5, 4.0), mean, side="right")
