"""Small experiments whose truth is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from foretell.examples.flat.columns import FlatColumn
from foretell.examples.flat.table import flat_table
from foretell.uplift.trial import Trial

Drawn = Callable[..., Trial]


@pytest.fixture(scope="session")
def drawn() -> Drawn:
    """Draws a trial: `harm` is what contact adds to those with `loyal` above 0, `gain` to the others."""

    def draw(rows: int, gain: float, harm: float, seed: int = 0, arms: int = 2) -> Trial:
        random = np.random.default_rng(seed)
        loyal, other = random.standard_normal(rows), random.standard_normal(rows)
        region = random.integers(0, 3, rows)
        arm = random.integers(0, arms, rows)
        chance = 0.4 + 0.1 * np.tanh(other) + np.where(loyal > 0, harm, gain) * (arm > 0)
        outcome = (random.random(rows) < chance).astype(np.float64)
        columns = [
            FlatColumn("loyal", "number", np.round(loyal, 3)),
            FlatColumn("other", "number", np.where(random.random(rows) < 0.1, np.nan, np.round(other, 3))),
            FlatColumn("region", "category", region.astype(np.float64), ("east", "north", "west")),
        ]
        names = ("none", "mail", "call", "visit")[:arms]
        return Trial(flat_table(columns, rows), arm, outcome, names, np.full(arms, 1 / arms))

    return draw
