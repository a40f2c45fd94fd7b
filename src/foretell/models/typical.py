"""What is typical of customers, and which way each feature goes with a forecast: what a reason is told against.

It is learned from the rows that taught the model, so that the reasons of one customer do not depend on who else is
scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from foretell.examples.examples import Examples
from foretell.features.registry import words_of
from foretell.features.scale import logged, robust_deviation
from foretell.models.contract import Contributions
from foretell.models.themes import by_theme

LEAST_CORRELATION = 0.1
FEWEST_ROWS = 20


@dataclass(frozen=True)
class Typical:
    """By feature: float64 [features, 3] `quartiles` of its values, its `spread` on the scale on which it is compared,
    and its `direction`, 1 where more of it goes with a higher forecast by its theme, -1 where with a lower one, else 0.
    """

    features: tuple[str, ...]
    quartiles: np.ndarray
    spread: np.ndarray
    direction: np.ndarray


NOTHING_TYPICAL = Typical((), np.zeros((0, 3)), np.zeros(0), np.zeros(0))


def typical_of(examples: Examples, contributions: Contributions, names: Sequence[str]) -> Typical:
    """What is typical of the rows, by each of the features that would be told; those that under half of the rows have
    are left out, where they are told beside what half of the customers have."""
    themes, moved = by_theme(contributions)
    found: list[tuple[str, np.ndarray, float, float]] = []
    for name in names:
        values = examples.feature(name)
        known = np.isfinite(values)
        is_compared = not (words_of(name).is_own or words_of(name).is_rare)
        if known.sum() < (max(FEWEST_ROWS, len(values) / 2) if is_compared else FEWEST_ROWS):
            continue
        theme = words_of(name).theme
        learned = _direction(values[known], moved[known, themes.index(theme)]) if theme in themes else 0.0
        quartiles = np.quantile(values[known], [0.25, 0.5, 0.75])
        found.append(
            (name, quartiles, robust_deviation(logged(values[known], name)), words_of(name).towards or learned)
        )
    if not found:
        return NOTHING_TYPICAL
    features, quartiles_of_all, spread, directions = zip(*found, strict=True)
    return Typical(tuple(features), np.stack(quartiles_of_all), np.array(spread), np.array(directions))


def _direction(values: np.ndarray, moved: np.ndarray) -> float:
    """The sign of the rank correlation, 0 where it is weak."""
    if np.ptp(values) == 0 or np.ptp(moved) == 0:
        return 0.0
    correlation = float(np.corrcoef(rankdata(values), rankdata(moved))[0, 1])
    return float(np.sign(correlation)) if abs(correlation) >= LEAST_CORRELATION else 0.0
