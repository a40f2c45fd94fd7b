"""The named baselines of a migration forecast: tables of what happened before, each with a formula one can check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from foretell.segments.migration.moves import Moves

PRIOR_CUSTOMERS = 5.0
LEAST_SHARE, MOST_SHARE = 5e-4, 0.5

Forecaster = Callable[[Moves, np.ndarray], np.ndarray]
"""Moves and P(order in the horizon) of each, to float64 [rows, segments] that sum to 1."""


@dataclass(frozen=True)
class Baseline:
    """A way of forecasting; `fit` learns from moves whose end is known."""

    name: str
    formula: str
    fit: Callable[[Moves], Forecaster]


def transition_table(rows: np.ndarray, end: np.ndarray, count: int, segments: int) -> np.ndarray:
    """float64 [count, segments]: the shares of `end` by row, five customers of the overall shares added to each row."""
    table = np.zeros((count, segments))
    np.add.at(table, (rows, end), 1.0)
    overall = table.sum(axis=0) + 0.5
    overall /= overall.sum()
    return np.asarray((table + PRIOR_CUSTOMERS * overall) / (table.sum(axis=1, keepdims=True) + PRIOR_CUSTOMERS))


def surely(codes: np.ndarray, segments: int) -> np.ndarray:
    """float64 [rows, segments]: 1 at the code.

    >>> surely(np.array([1]), 2).tolist()
    [[0.0, 1.0]]
    """
    return np.asarray((codes[:, None] == np.arange(segments)).astype(np.float64))


@dataclass(frozen=True)
class Idle:
    """Where those stand who do not order: the landing, but for a small learned share (refunds, late facts), who are
    where `table` [segments, segments] says."""

    share: float
    table: np.ndarray

    @classmethod
    def of(cls, taught: Moves) -> Idle:
        """Learn from those who did not order."""
        end, ordered = taught.came()
        idle = ~ordered
        size = len(taught.segments)
        moved = float((taught.landing[idle] != end[idle]).mean()) if idle.any() else 0.0
        table = transition_table(taught.landing[idle], end[idle], size, size)
        return cls(min(max(moved, LEAST_SHARE), MOST_SHARE), table)

    def predict(self, asked: Moves) -> np.ndarray:
        """float64 [rows, segments]."""
        there = (1 - self.share) * surely(asked.landing, len(asked.segments))
        if not self.share:
            return there
        return np.asarray(there + self.share * self.table[asked.landing])


def _point(taught: Moves, column: str) -> Forecaster:
    end, _ = taught.came()
    size = len(taught.segments)
    guess = getattr(taught, column)
    right = float(np.clip((guess == end).mean(), LEAST_SHARE, 1 - LEAST_SHARE)) if len(end) else 0.5
    others = np.bincount(end[guess != end], minlength=size) + 0.5
    others = others / others.sum()
    return lambda asked, _: right * surely(getattr(asked, column), size) + (1 - right) * others


def _markov(taught: Moves) -> Forecaster:
    end, _ = taught.came()
    size = len(taught.segments)
    table = transition_table(taught.start, end, size, size)
    return lambda asked, _: table[asked.start]


def _markov_landing(taught: Moves) -> Forecaster:
    end, _ = taught.came()
    size = len(taught.segments)
    table = transition_table(taught.start * size + taught.landing, end, size * size, size)
    return lambda asked, _: table[asked.start * size + asked.landing]


def _ageing_mixture(taught: Moves) -> Forecaster:
    end, ordered = taught.came()
    size = len(taught.segments)
    idle = Idle.of(taught)
    table = transition_table(taught.start[ordered], end[ordered], size, size)
    return lambda asked, chance: (1 - chance)[:, None] * idle.predict(asked) + chance[:, None] * table[asked.start]


STAYS = Baseline(
    "stays", "the segment of today, as often as that was right; else the shares of movers", lambda t: _point(t, "start")
)
AGES_ONLY = Baseline(
    "ages_only",
    "the segment to which silence leads, as often as that was right; else the shares of the others",
    lambda t: _point(t, "landing"),
)
MARKOV = Baseline("markov", "shares of where customers of the same segment came", _markov)
MARKOV_LANDING = Baseline(
    "markov_landing", "shares of where customers of the same segment and landing came", _markov_landing
)
AGEING_MIXTURE = Baseline(
    "ageing_mixture",
    "(1 - p) [landing] + p x shares of where buyers of the same segment came, p from BG/NBD",
    _ageing_mixture,
)
BASELINES = (STAYS, AGES_ONLY, MARKOV, MARKOV_LANDING, AGEING_MIXTURE)
