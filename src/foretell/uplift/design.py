"""Columns as terms for linear learners: normal scores and their curves, one term a category, empty cells told."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foretell.examples.flat.table import FlatTable
from foretell.models.flat.linear import QUANTILES, normal_scores

CURVED_COLUMNS = 20
"""With more number columns than this each has a straight term only."""
FEWEST_IN_LEVEL = 20
LEAST_SPREAD = 0.1
"""Terms are divided by their spread, but no term of a rare thing by less than this."""
OUTLYING = 0.001
"""Plain columns are held to what this share of the rows lies under, and over."""


@dataclass(frozen=True)
class Inputs:
    """Rows as learners take them: `values` float64 [rows, columns] as in the table, `terms` float64 [rows, terms],
    centred and scaled where they were learned."""

    values: np.ndarray
    terms: np.ndarray
    is_category: np.ndarray

    def __len__(self) -> int:
        return len(self.terms)

    def take(self, rows: np.ndarray) -> Inputs:
        """The rows at a boolean mask or an array of positions."""
        return Inputs(self.values[rows], self.terms[rows], self.is_category)


@dataclass(frozen=True)
class Design:
    """How columns become terms; learned from rows, never from outcomes. `numbers` holds a number column's quantiles,
    `levels` a category's positions that have a term of their own, `told` columns whose empty cells have one."""

    numbers: dict[int, np.ndarray]
    levels: dict[int, np.ndarray]
    told: tuple[int, ...]
    curves: int
    centre: np.ndarray
    scale: np.ndarray

    def inputs(self, table: FlatTable) -> Inputs:
        """Rows of a table with the same columns."""
        return Inputs(table.values, (self._raw(table.values) - self.centre) / self.scale, table.is_category)

    def _raw(self, values: np.ndarray) -> np.ndarray:
        blocks = []
        for column, quantiles in self.numbers.items():
            known = np.where(np.isnan(values[:, column]), np.median(quantiles), values[:, column])
            z = normal_scores(known, quantiles)
            blocks += [z, z**2, z**3 - 3 * z][: self.curves if len(np.unique(quantiles)) > 2 else 1]
        for column, own in self.levels.items():
            blocks += [values[:, column] == level for level in own]
        blocks += [np.isnan(values[:, column]) for column in self.told]
        return np.column_stack(blocks).astype(np.float64) if blocks else np.zeros((len(values), 0))


def design_of(table: FlatTable) -> Design:
    """Learn the terms: up to three curves a number (Hermite polynomials of normal scores), a term for each level with
    20 rows, one for empty cells where there are as many."""
    numbers, levels, told = dict[int, np.ndarray](), dict[int, np.ndarray](), list[int]()
    for column, kind in enumerate(table.kinds):
        values = table.values[:, column]
        known = values[~np.isnan(values)]
        if min(len(known), len(values) - len(known)) >= FEWEST_IN_LEVEL:
            told.append(column)
        if not len(known):
            continue
        if kind == "category":
            counts = np.bincount(known.astype(np.int64), minlength=len(table.levels[column]))
            own = np.flatnonzero(counts >= FEWEST_IN_LEVEL)
            levels[column] = own[1:] if len(own) == 2 and counts.sum() == counts[own].sum() == len(values) else own
        elif known.max() > known.min():
            numbers[column] = np.quantile(known, np.linspace(0, 1, QUANTILES))
    curves = 3 if len(numbers) <= CURVED_COLUMNS else 1
    plain = Design(numbers, levels, tuple(told), curves, np.zeros(1), np.ones(1))
    raw = plain._raw(table.values)
    spread = raw.std(axis=0)
    scale = np.where(spread > 0, np.maximum(spread, LEAST_SPREAD), 1.0)
    return Design(numbers, levels, tuple(told), curves, raw.mean(axis=0), scale)


@dataclass(frozen=True)
class PlainColumns:
    """Number columns in their own units, for effects in proportion to counts and amounts; learned from rows. `low`,
    `middle` and `high` are quantiles of a column, float64 [columns]: a cell is held to the outer two, and is the middle
    one where it is empty; `spread` is the standard deviation of what comes of it."""

    columns: np.ndarray
    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray
    spread: np.ndarray

    def inputs(self, inputs: Inputs) -> Inputs:
        """The same rows with plain columns as terms."""
        return replace(inputs, terms=(self._known(inputs) - self.middle) / self.spread)

    def _known(self, inputs: Inputs) -> np.ndarray:
        values = inputs.values[:, self.columns]
        return np.clip(np.where(np.isnan(values), self.middle, values), self.low, self.high)


def plain_columns(inputs: Inputs) -> PlainColumns:
    """Learn quantiles and spread; columns that do not vary between the outer quantiles are left out."""
    numbers = np.flatnonzero(~inputs.is_category & ~np.isnan(inputs.values).all(axis=0))
    asked = (OUTLYING, 0.5, 1 - OUTLYING)
    low, middle, high = np.reshape([np.nanquantile(inputs.values[:, at], asked) for at in numbers], (-1, 3)).T
    varies = high > low
    held = PlainColumns(numbers[varies], low[varies], middle[varies], high[varies], np.ones(int(varies.sum())))
    return replace(held, spread=held._known(inputs).std(axis=0))
