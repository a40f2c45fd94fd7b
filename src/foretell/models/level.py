"""The level: how many will order at all, and how far that may be missed.

What learners know of the level is that of past windows. A buy-till-you-die process knows how many customers are left
today, and past cutoffs know by how much forecasts missed:

    shift = pull x (what moves the forecast's mean to that of the process) + offset

`pull` and `offset` are learned from tests whose windows had ended, as a linear regression of their misses under a
normal prior (pull .75 with deviation .3, offset 0 with .05): few tests say little, and leave the prior. What remains
around it is the deviation of the level, which goes into every total and interval.
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
USUAL_DEVIATION = 0.10
SEASON_UNSEEN = 0.15
USUAL_TESTS = 3.0
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
    """How the level of a question is told, on its link scale. `deviation` is that of what it misses still, `tests` how
    many tests it counts for, the prior's own among them; `covariance` is that of pull and offset."""

    pull: float = PRIOR[0]
    offset: float = PRIOR[1]
    deviation: float = USUAL_DEVIATION
    tests: float = USUAL_TESTS
    covariance: tuple[tuple[float, float], tuple[float, float]] = (
        (PRIOR_DEVIATION[0] ** 2, 0.0),
        (0.0, PRIOR_DEVIATION[1] ** 2),
    )

    def shift(self, said: float) -> float:
        """What to add to every link, where the process says `said`."""
        return float(np.clip(self.pull * said + self.offset, -FURTHEST_SHIFT, FURTHEST_SHIFT))

    def deviation_at(self, said: float) -> float:
        """The deviation of what is missed, of pull and offset too."""
        at = np.array([said, 1.0])
        return float(np.sqrt(self.deviation**2 + at @ np.array(self.covariance) @ at))


def level_of(missed: Sequence[Missed], season_seen: bool = True) -> Level:
    """The level that tests tell; the prior where there are none. A log that cannot have shown a whole year says less
    of how far a level may be missed."""
    usual = USUAL_DEVIATION if season_seen else SEASON_UNSEEN
    rows = np.array([[one.said, 1.0] for one in missed]).reshape(-1, 2)
    by = np.array([one.by for one in missed])
    weight = OF_A_TEST / MISS**2
    known = np.diag(1 / np.square(PRIOR_DEVIATION))
    precision = known + weight * rows.T @ rows
    found = np.linalg.solve(precision, known @ np.array(PRIOR) + weight * rows.T @ by)
    tests = USUAL_TESTS + OF_A_TEST * len(by)
    squares = USUAL_TESTS * usual**2 + OF_A_TEST * float(np.sum((by - rows @ found) ** 2))
    (a, b), (c, d) = np.linalg.inv(precision).tolist()
    return Level(float(found[0]), float(found[1]), float(np.sqrt(squares / tests)), tests, ((a, b), (c, d)))
