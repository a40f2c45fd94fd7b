"""Lifecycle segments: how long the silence is against the customer's own rhythm, and how it began."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from foretell.segments.segment_set import Cuts
from foretell.segments.standing import Standing

SEGMENTS: tuple[tuple[str, str], ...] = (
    ("Active", "three or more purchase days, silent for at most 1.5 usual gaps"),
    ("Promising", "two purchase days, silent for at most 1.5 usual gaps"),
    ("New", "one purchase day, silent for at most 1.5 usual gaps"),
    ("Returned", "back after a silence of more than 5 usual gaps, and silent for at most 1.5 since"),
    ("Cooling", "silent for 1.5 to 3 usual gaps"),
    ("At risk", "silent for 3 to 5 usual gaps"),
    ("Dormant", "silent for 5 to 10 usual gaps"),
    ("Lost", "silent for more than 10 usual gaps, or for more than 365 days"),
)
ACTIVE, PROMISING, NEW, RETURNED, COOLING, AT_RISK, DORMANT, LOST = range(len(SEGMENTS))
SILENCES = (1.5, 3.0, 5.0, 10.0)
LOST_DAYS = 365
LEAST_GAP_DAYS = 7.0
OWN_GAPS_WEIGH = 2.0


class Lifecycle:
    """Eight stages. The usual gap is the geometric mean of the customer's own median gap, weighing as many as their
    gaps, and of everybody's, weighing two; a week at least. Whoever has fewer than three purchase days has only
    everybody's. Everybody's gap is fitted on a day and kept."""

    name = "lifecycle"
    segments = tuple(name for name, _ in SEGMENTS)
    is_ordered = False
    features: tuple[str, ...] = ()
    levels: ClassVar[Mapping[str, str]] = {}
    rules = tuple(rule for _, rule in SEGMENTS)

    def fit(self, standing: Standing) -> Cuts:
        """The median of the customers' median gaps, of those who have one; 30 days where nobody has."""
        gaps = standing.facts["gap_days"]
        gaps = gaps[np.isfinite(gaps)]
        return {"gap_days": [float(np.median(gaps)) if len(gaps) else 30.0]}

    def assign(self, standing: Standing, cuts: Cuts) -> np.ndarray:
        """int64: the stage."""
        facts = standing.facts
        gap = usual_gap_days(facts["gap_days"], facts["purchase_days"], cuts["gap_days"][0])
        silence = facts["silent_days"] / gap
        by_silence = np.array([ACTIVE, COOLING, AT_RISK, DORMANT, LOST])
        stage = by_silence[np.searchsorted(SILENCES, silence, side="left")]
        stage[facts["silent_days"] > LOST_DAYS] = LOST
        here = stage == ACTIVE
        stage[here & (facts["purchase_days"] == 2)] = PROMISING
        stage[here & (facts["purchase_days"] == 1)] = NEW
        stage[here & (np.nan_to_num(facts["last_gap_days"]) > SILENCES[2] * gap)] = RETURNED
        return stage


def usual_gap_days(own: np.ndarray, purchase_days: np.ndarray, everybodys: float) -> np.ndarray:
    """float64: the usual days between purchases; see `Lifecycle`.

    >>> usual_gap_days(np.array([np.nan, 10.0]), np.array([1.0, 99.0]), 40.0).round(1).tolist()
    [40.0, 10.3]
    """
    gaps = np.where(np.isfinite(own), purchase_days - 1, 0.0)
    log_own = np.log(np.maximum(np.where(np.isfinite(own), own, 1.0), 1.0))
    everybody = np.log(max(everybodys, LEAST_GAP_DAYS))
    mean = (gaps * log_own + OWN_GAPS_WEIGH * everybody) / (gaps + OWN_GAPS_WEIGH)
    return np.asarray(np.maximum(np.exp(mean), LEAST_GAP_DAYS))
