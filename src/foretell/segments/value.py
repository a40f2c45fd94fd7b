"""Value tiers: who brings the first half of the revenue, who the next three tenths, and so on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from foretell.segments.segment_set import Cuts, classed
from foretell.segments.standing import Standing

TIERS: tuple[tuple[str, float, str], ...] = (
    ("Top", 0.5, "the biggest spenders, who together bring the first half of the revenue"),
    ("High", 0.8, "who bring the next three tenths"),
    ("Middle", 0.95, "who bring the next fifteen hundredths"),
    ("Low", 1.0, "who bring the rest"),
    ("None", 1.0, "no spend in the window"),
)


class Value:
    """Five tiers by spend in the window; the first is the best. Each tier's least spend is fitted on a day and kept."""

    name = "value"
    segments = tuple(name for name, _, _ in TIERS)
    is_ordered = True
    features: tuple[str, ...] = ()
    levels: ClassVar[Mapping[str, str]] = {"spend": "spend"}
    rules = tuple(rule for _, _, rule in TIERS)

    def fit(self, standing: Standing) -> Cuts:
        """The least spend of a customer of Middle, High and Top, ascending; infinite without any spend."""
        spend = np.sort(standing.facts["spend"])[::-1]
        total = spend.sum()
        if total <= 0:
            return {"spend": [float("inf")] * 3}
        before = (np.cumsum(spend) - spend) / total
        least = [spend[max(int(np.searchsorted(before, share, side="left")) - 1, 0)] for _, share, _ in TIERS[:3]]
        return {"spend": [float(value) for value in reversed(least)]}

    def assign(self, standing: Standing, cuts: Cuts) -> np.ndarray:
        """int64: the tier."""
        spend = standing.facts["spend"]
        return np.where(spend > 0, 4 - classed(spend, cuts["spend"]), 4)
