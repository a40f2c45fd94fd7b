"""Stability: how far the customers of each week are from those of the healthy weeks before, feature by feature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.health.drift import FEWEST_ROWS, index_of_counts
from foretell.outcomes.monitoring.joint_limits import Series, carried_on

REFERENCE_WEEKS = 8
LEAST_REFERENCE_WEEKS = 4
LEAST_INDEX = 0.1
"""Below it nobody calls a population shifted (Siddiqi 2006), however sure it is that it moved."""


@dataclass(frozen=True)
class Stability:
    """Of one feature or score: the `index` of the last week beside the healthy weeks before it, with the `rows` of that
    week and of the `reference`. `series` is what the limits read; None where there are too few rows or weeks, and
    `cannot` says so."""

    name: str
    index: float
    rows: int
    reference: int
    series: Series | None
    cannot: str = ""

    @property
    def is_much(self) -> bool:
        """Whether the index is one that matters at all."""
        return self.index >= LEAST_INDEX


def stability(name: str, counts: np.ndarray, healthy: np.ndarray) -> Stability:
    """Of counts by week and bin (int64 [weeks, bins], the last week last); `healthy` (bool [weeks]) are the weeks that
    may be compared with."""
    rows = counts.sum(axis=1)
    if len(counts) <= LEAST_REFERENCE_WEEKS:
        return Stability(name, 0.0, int(rows[-1]) if len(rows) else 0, 0, None, "there are no earlier weeks")
    reference, before = _before(counts, healthy)
    index, chance = _index(before[-1], counts[-1])
    told = max(index - chance, 0.0)
    found = Stability(name, told, int(rows[-1]), int(before[-1].sum()), None)
    fewest = int(rows[LEAST_REFERENCE_WEEKS:].min())
    if rows[-1] < FEWEST_ROWS or fewest < FEWEST_ROWS:
        return _because(found, f"{min(int(rows[-1]), fewest)} customers in a week, {FEWEST_ROWS} are needed")
    apart = np.sqrt([_index(one, week)[0] for one, week in zip(before, counts[LEAST_REFERENCE_WEEKS:], strict=True)])
    apart = carried_on(apart, healthy[LEAST_REFERENCE_WEEKS:])
    least = float(np.sqrt((1 / rows[-1] + 1 / max(reference, 1)) / 2))
    return Stability(name, told, found.rows, found.reference, Series(name, apart, least, rises=True))


def _before(counts: np.ndarray, healthy: np.ndarray) -> tuple[int, np.ndarray]:
    """The rows of the last reference, and the counts of the healthy weeks before each week (the first weeks apart);
    of all weeks where fewer than half of them are healthy."""
    found = []
    for week in range(LEAST_REFERENCE_WEEKS, len(counts)):
        near = np.arange(max(0, week - REFERENCE_WEEKS), week)
        well = near[healthy[near]]
        found.append(counts[well if 2 * len(well) >= len(near) else near].sum(axis=0))
    return int(found[-1].sum()), np.stack(found)


def _index(expected: np.ndarray, actual: np.ndarray) -> tuple[float, float]:
    """The index with half a row more in each bin, and what chance alone gives of it. Bins that nobody was ever in are
    no bins."""
    used = (expected + actual) > 0
    if used.sum() < 2:
        return 0.0, 0.0
    chance = (used.sum() - 1) * (1 / max(expected.sum(), 1) + 1 / max(actual.sum(), 1))
    return index_of_counts(expected[used] + 0.5, actual[used] + 0.5), float(chance)


def _because(found: Stability, cannot: str) -> Stability:
    return Stability(found.name, found.index, found.rows, found.reference, None, cannot)
