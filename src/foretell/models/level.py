"""The level: how many will order at all, and how far that may be missed.

What learners know of the level is that of past windows. A buy-till-you-die process knows how many customers are left
today, and past cutoffs know by how much forecasts missed:

    shift = pull x (what moves the forecast's mean to that of the process) + offset

`pull` and `offset` are learned from tests whose windows had ended, as a linear regression of their misses under a
normal prior (pull .75 with deviation .3, offset 0 with .05): few tests say little, and leave the prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

PRIOR = (0.75, 0.0)
PRIOR_DEVIATION = (0.3, 0.05)
MISS = 0.15
OF_A_TEST = 2 / 3
"""What a test tells, where tests lie half a horizon apart and their windows overlap."""
FURTHEST_SHIFT = 1.0
SEASONAL = ("purchase", "orders", "spend")
"""The targets whose level is learned, and that a season moves."""


@dataclass(frozen=True)
class Missed:
    """One test: what its forecast would have had to be shifted by, and by how much the process would have."""

    by: float
    said: float


@dataclass(frozen=True)
class Level:
    """How the level of a question is told, on its link scale."""

    pull: float = PRIOR[0]
    offset: float = PRIOR[1]

    @property
    def without_process(self) -> Level:
        """The same where no process is to say anything."""
        return Level(0.0, self.offset)

    def shift(self, said: float) -> float:
        """What to add to every link, where the process says `said`."""
        return float(np.clip(self.pull * said + self.offset, -FURTHEST_SHIFT, FURTHEST_SHIFT))


def level_of(missed: Sequence[Missed]) -> Level:
    """The level that tests tell; the prior where there are none."""
    rows = np.array([[one.said, 1.0] for one in missed]).reshape(-1, 2)
    by = np.array([one.by for one in missed])
    weight = OF_A_TEST / MISS**2
    known = np.diag(1 / np.square(PRIOR_DEVIATION))
    pull, offset = np.linalg.solve(known + weight * rows.T @ rows, known @ np.array(PRIOR) + weight * rows.T @ by)
    return Level(float(pull), float(offset))
