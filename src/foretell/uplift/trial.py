"""A randomised experiment as arrays, in an order that only its content decides."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foretell.examples.flat.table import FlatTable
from foretell.project.fingerprints import keys_of


@dataclass(frozen=True)
class Worth:
    """`money` is what one unit of the outcome is worth, `cost` float64 [arms] what each arm costs a customer; the
    control's is 0."""

    money: float
    cost: np.ndarray

    def profits(self, effects: np.ndarray) -> np.ndarray:
        """float64 [rows, arms]: what each arm earns beyond the control, given effects in the outcome's unit."""
        return np.asarray(self.money * effects - self.cost)


@dataclass(frozen=True)
class Trial:
    """One row a customer. `arm` is int64 [rows], a position in `arms`, the control first; `outcome` is float64 and
    finite. `shares` is float64 [arms], the chance of each arm in the draw."""

    table: FlatTable
    arm: np.ndarray
    outcome: np.ndarray
    arms: tuple[str, ...]
    shares: np.ndarray

    def __len__(self) -> int:
        return len(self.arm)

    def take(self, rows: np.ndarray) -> Trial:
        """The rows at a boolean mask or an array of positions."""
        return replace(self, table=self.table.take(rows), arm=self.arm[rows], outcome=self.outcome[rows])


def shuffled(trial: Trial, seed: int) -> np.ndarray:
    """Positions of all rows in an order that looks drawn, yet depends on seed and content only.

    Rows that are alike in everything are told apart by a running number, which no result can depend on; whether a row
    comes early says nothing about its outcome.
    """
    key, arm, outcome = trial.table.key, trial.arm, trial.outcome
    order = np.lexsort((outcome, arm, key))
    alike = np.zeros(len(order), bool)
    if len(order):
        first, second = order[1:], order[:-1]
        alike[1:] = (key[first] == key[second]) & (arm[first] == arm[second]) & (outcome[first] == outcome[second])
    place = np.arange(len(order))
    running = place - np.maximum.accumulate(np.where(alike, 0, place))
    texts = [
        f"{seed} {k} {a} {y!r} {n}"
        for k, a, y, n in zip(
            key[order].tolist(), arm[order].tolist(), outcome[order].tolist(), running.tolist(), strict=True
        )
    ]
    return np.asarray(order[np.argsort(keys_of(texts), kind="stable")])


def dealt(arm: np.ndarray, parts: int) -> np.ndarray:
    """int64 [rows]: the part of each row, 0 to `parts` - 1, every arm dealt out evenly in the order of the rows."""
    part = np.zeros(len(arm), np.int64)
    for one in np.unique(arm):
        rows = np.flatnonzero(arm == one)
        part[rows] = np.arange(len(rows)) * parts // len(rows)
    return part
