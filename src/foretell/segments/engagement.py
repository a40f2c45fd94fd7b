"""Engagement segments: whether somebody still visits and clicks, beside how often they did in the weeks before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from foretell.features.tables.visits import HABIT_DAYS, LATELY_DAYS
from foretell.segments.segment_set import Cuts
from foretell.segments.signs import SIGNS
from foretell.segments.standing import Standing

WAS_ENGAGED = 6
"""The fewest signs of nine weeks that are a habit: of two in three weeks, none comes in one of seven by chance."""
IS_ENGAGED = 2
STRETCHES = HABIT_DAYS / LATELY_DAYS
SEGMENTS: tuple[tuple[str, str], ...] = (
    ("Engaged", "2 or more in the last three weeks, and not cooling"),
    ("Awakened", "1 or more in the last three weeks, none in the nine weeks before"),
    ("Cooling", "6 or more in the nine weeks before, and under half as often in the last three weeks"),
    ("Seldom", "some in the last twelve weeks, and none of the above"),
    ("Silent", "none in the last twelve weeks"),
    ("Not known yet", "the log has no online events of twelve weeks before"),
)
ENGAGED, AWAKENED, COOLING, SELDOM, SILENT, NOT_KNOWN = range(len(SEGMENTS))


class Engagement:
    """Visits and clicks in the last three weeks, beside the nine weeks before them. A visit is a day on which anything
    was done online; a click is a message that was clicked, counted once. Opens never count: programs open mail for
    people. Orders count only where the events tell them. Nothing is fitted: everybody is set against their own past.
    """

    name = "engagement"
    segments = tuple(name for name, _ in SEGMENTS)
    is_ordered = False
    features: tuple[str, ...] = tuple(SIGNS)
    levels: ClassVar[Mapping[str, str]] = {}
    rules = tuple(rule for _, rule in SEGMENTS)

    def fit(self, standing: Standing) -> Cuts:
        """Nothing."""
        return {}

    def assign(self, standing: Standing, cuts: Cuts) -> np.ndarray:
        """int64: the segment."""
        lately, before = (standing.facts[name] for name in SIGNS)
        rules = {
            NOT_KNOWN: ~np.isfinite(lately),
            COOLING: (before >= WAS_ENGAGED) & (lately < before / STRETCHES / 2),
            AWAKENED: (before == 0) & (lately > 0),
            ENGAGED: lately >= IS_ENGAGED,
            SELDOM: lately + before > 0,
        }
        return np.select(list(rules.values()), list(rules), SILENT).astype(np.int64)
