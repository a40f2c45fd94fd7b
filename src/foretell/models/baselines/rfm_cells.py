"""Mean outcome in cells of recency, frequency and money: what most marketing departments do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from foretell.examples.examples import Examples
from foretell.models.baselines.outcome_table import bin_of, quantile_cuts, shrunk_mean
from foretell.models.baselines.simple_rules import EVERY_KIND
from foretell.models.contract import Contributions, State
from foretell.models.links import from_link, to_link
from foretell.models.training_rows import training_rows
from foretell.project.objectives import Kind, Target

PRIOR_ROWS = 20.0
FIFTHS = 5


@dataclass(frozen=True)
class FittedCells:
    """A link value for each cell of the first fact, of the first two, and so on: the path explains the forecast.

    `cuts` are the inner cut points of each fact; `levels[i]` has one entry a cell of the first i + 1 facts.
    """

    kind: Kind
    facts: tuple[str, ...]
    base: float
    cuts: tuple[np.ndarray, ...]
    levels: tuple[np.ndarray, ...]

    def predict(self, examples: Examples) -> np.ndarray:
        return from_link(self._path(examples)[:, -1], self.kind)

    def contributions(self, examples: Examples) -> Contributions:
        path = self._path(examples)
        return Contributions(self.base, self.facts, np.diff(path, axis=1, prepend=self.base))

    def state(self) -> State:
        return dict(vars(self))

    def _path(self, examples: Examples) -> np.ndarray:
        cells = _cells(examples, self.facts, self.cuts)
        return np.column_stack([level[cell] for level, cell in zip(self.levels, cells, strict=True)])


def _cells(examples: Examples, facts: tuple[str, ...], cuts: tuple[np.ndarray, ...]) -> list[np.ndarray]:
    """For each fact, the cell of that fact and all before it."""
    cells: list[np.ndarray] = []
    cell = np.zeros(len(examples), dtype=np.int64)
    for fact, inner in zip(facts, cuts, strict=True):
        cell = cell * (len(inner) + 1) + bin_of(np.asarray(examples.facts[fact], dtype=np.float64), inner)
        cells.append(cell)
    return cells


def _fitted(examples: Examples, target: Target, facts: tuple[str, ...]) -> FittedCells:
    rows, outcome = training_rows(examples, target)
    cuts = tuple(quantile_cuts(np.asarray(rows.facts[fact], dtype=np.float64), FIFTHS) for fact in facts)
    mean = shrunk_mean(outcome, target.kind)
    wider = np.array([mean])
    levels: list[np.ndarray] = []
    for inner, cell in zip(cuts, _cells(rows, facts, cuts), strict=True):
        prior = np.repeat(wider, len(inner) + 1)
        count = np.bincount(cell, minlength=len(prior))
        wider = (np.bincount(cell, outcome, minlength=len(prior)) + PRIOR_ROWS * prior) / (count + PRIOR_ROWS)
        levels.append(to_link(wider, target.kind))
    return FittedCells(target.kind, facts, float(to_link(np.array(mean), target.kind)), cuts, tuple(levels))


class RfmCells:
    """Customers of one cell do what that cell did."""

    name: ClassVar[str] = "rfm_cells"
    kinds: ClassVar[frozenset[Kind]] = EVERY_KIND
    is_baseline: ClassVar[bool] = True
    formula: ClassVar[str] = "mean outcome by fifths of recency x frequency x money, each cell shrunk to the wider one"
    facts: ClassVar[tuple[str, ...]] = ("days_since_last", "purchase_days", "lifetime_spend")

    def fit(self, examples: Examples, target: Target, seed: int) -> FittedCells:
        return _fitted(examples, target, self.facts)

    def restore(self, state: State) -> FittedCells:
        lists = {name: tuple(state[name]) for name in ("facts", "cuts", "levels")}
        return FittedCells(**{**state, **lists})


class FrequencyMoney(RfmCells):
    """The same without recency."""

    name: ClassVar[str] = "frequency_money"
    formula: ClassVar[str] = "mean outcome by fifths of frequency x money, each cell shrunk to the wider one"
    facts: ClassVar[tuple[str, ...]] = ("purchase_days", "lifetime_spend")
