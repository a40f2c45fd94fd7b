"""Tables of the mean outcome along one fact: the simplest things that can be learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretell.models.contract import State
from foretell.project.objectives import Kind

PRIOR_ROWS = 20.0


def shrunk_mean(outcome: np.ndarray, kind: Kind) -> float:
    """The mean outcome; a probability is kept off 0 and 1 by half a row of each."""
    if kind == "probability":
        return float((outcome.sum() + 0.5) / (len(outcome) + 1.0))
    return float(outcome.mean())


def quantile_cuts(values: np.ndarray, bins: int) -> np.ndarray:
    """Distinct inner cut points that split the values into at most `bins` parts of about equal size."""
    cuts = np.unique(np.quantile(values, np.arange(1, bins) / bins, method="lower"))
    return np.asarray(cuts[cuts < values.max()])


def bin_of(values: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """The bin of each value: how many cuts lie below it (a value at a cut belongs to the lower bin)."""
    return np.searchsorted(cuts, values, side="left")


@dataclass(frozen=True)
class OutcomeTable:
    """Mean outcome along one fact, read by straight lines between the `centres` of its bins."""

    centres: np.ndarray
    means: np.ndarray

    def at(self, fact: np.ndarray) -> np.ndarray:
        """The mean outcome at each value of the fact; the outer bins go on for ever."""
        return np.asarray(np.interp(fact, self.centres, self.means))

    def state(self) -> State:
        """The arrays."""
        return {"centres": self.centres, "means": self.means}


def table_along(fact: np.ndarray, outcome: np.ndarray, kind: Kind, *, bins: int, monotone: bool) -> OutcomeTable:
    """The table of `bins` quantile bins, each shrunk to the mean of all by `PRIOR_ROWS`.

    A monotone one rises or falls throughout, whichever is nearer to the outcomes (pool adjacent violators).
    """
    place = bin_of(fact, quantile_cuts(fact, bins))
    rows = np.bincount(place)
    used = rows > 0
    rows = rows[used].astype(np.float64)
    centres = np.bincount(place, fact)[used] / rows
    prior = shrunk_mean(outcome, kind)
    means = (np.bincount(place, outcome)[used] + PRIOR_ROWS * prior) / (rows + PRIOR_ROWS)
    if monotone:
        rising, falling = pooled(means, rows), -pooled(-means, rows)
        nearer = ((rising - means) ** 2 * rows).sum() <= ((falling - means) ** 2 * rows).sum()
        means = rising if nearer else falling
    return OutcomeTable(centres, means)


def pooled(means: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The nearest never-falling sequence in weighted squares: neighbours in the wrong order are pooled.

    >>> pooled(np.array([1.0, 3.0, 2.0]), np.array([1.0, 1.0, 1.0]))
    array([1. , 2.5, 2.5])
    """
    blocks: list[tuple[float, float, int]] = []
    for mean, weight in zip(means.tolist(), weights.tolist(), strict=True):
        blocks.append((mean, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (left, a, m), (right, b, n) = blocks[-2], blocks[-1]
            blocks[-2:] = [((left * a + right * b) / (a + b), a + b, m + n)]
    return np.repeat([block[0] for block in blocks], [block[2] for block in blocks])
