"""The linear members: logistic regression on straight terms, and on splines of normal scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.interpolate import BSpline
from scipy.special import ndtr, ndtri
from sklearn.linear_model import LogisticRegression

from foretell.examples.flat.table import FlatTable
from foretell.models.contract import CannotFit, Contributions, closed
from foretell.models.links import bounded

FURTHEST = 6.0
QUANTILES = 201
KNOTS = 5
DEGREE = 3
FEWEST_IN_LEVEL = 5


@dataclass(frozen=True)
class FittedTerms:
    """Intercept and one coefficient a term; `centre` is the mean of each term where it was learned."""

    names: tuple[str, ...]
    terms: Terms
    intercept: float
    coefficients: np.ndarray
    centre: np.ndarray

    def link(self, table: FlatTable) -> np.ndarray:
        moved = (self.terms.matrix(table) * self.coefficients).sum(axis=1)
        return bounded(moved + self.intercept, "probability")

    def contributions(self, table: FlatTable) -> Contributions:
        """Centred terms, added up by column."""
        moved = (self.terms.matrix(table) - self.centre) * self.coefficients
        values = np.zeros((len(table), len(self.names)))
        for term, column in enumerate(self.terms.source()):
            values[:, column] += moved[:, term]
        base = self.intercept + float((self.centre * self.coefficients).sum())
        return closed(base, self.names, values, self.link(table))


class PlainLogistic:
    """Logistic regression on standardised numbers and one term a category."""

    name: ClassVar[str] = "plain_logistic"
    formula: ClassVar[str] = "logit p = b0 + sum of b x standardised numbers and categories, ridge with C = 1"
    splines: ClassVar[bool] = False
    strength: ClassVar[float] = 1.0

    def fit(self, table: FlatTable, outcome: np.ndarray, seed: int) -> FittedTerms:
        terms = terms_of(table, self.splines)
        design = terms.matrix(table)
        if not design.shape[1]:
            raise CannotFit("every column is the same for all rows")
        centre = design.mean(axis=0)
        scale = np.maximum(design.std(axis=0), 1e-6) if self.splines else np.ones(len(centre))
        learner = LogisticRegression(C=self.strength, solver="newton-cholesky", max_iter=100, tol=1e-6)
        learner.fit((design - centre) / scale, outcome > 0.5)
        coefficients = learner.coef_[0] / scale
        intercept = float(learner.intercept_[0] - (centre * coefficients).sum())
        return FittedTerms(table.names, terms, intercept, coefficients, centre)


class SplineLogistic(PlainLogistic):
    """Logistic regression on cubic splines of numbers made normal by their ranks."""

    name: ClassVar[str] = "spline_logistic"
    formula: ClassVar[str] = (
        "logit p = b0 + sum of standardised cubic splines (5 knots) of normal scores and categories, C = 0.03"
    )
    splines: ClassVar[bool] = True
    strength: ClassVar[float] = 0.03


@dataclass(frozen=True)
class Terms:
    """How columns become terms. `kind` of each column is 0 left out, 1 straight, 2 spline, 3 levels; `null_told` says
    whether it has a term for null. `grid` is float64 [columns, width]: centre and scale of a straight one, quantiles
    of a spline, the position of each level's term (-1: none) of categories, NaN beyond."""

    kind: np.ndarray
    null_told: np.ndarray
    grid: np.ndarray

    def source(self) -> np.ndarray:
        """The column behind each term, int64 [terms]."""
        return np.repeat(np.arange(len(self.kind)), [self._width(i) for i in range(len(self.kind))])

    def matrix(self, table: FlatTable) -> np.ndarray:
        """float64 [rows, terms]."""
        blocks = [self._block(i, table.values[:, i]) for i in range(len(self.kind)) if self.kind[i]]
        return np.column_stack(blocks) if blocks else np.zeros((len(table), 0))

    def _width(self, column: int) -> int:
        if self.kind[column] == 3:
            return int(np.nanmax(self.grid[column], initial=-1)) + 1
        return int((0, 1, KNOTS + DEGREE - 2)[int(self.kind[column])]) + int(self.null_told[column])

    def _block(self, column: int, values: np.ndarray) -> np.ndarray:
        grid, null = self.grid[column], np.isnan(values)
        if self.kind[column] == 3:
            return _one_hot(grid, values, self._width(column))
        filled = np.where(null, grid[0], values)
        if self.kind[column] == 1:
            block = np.clip((filled - grid[0]) / grid[1], -FURTHEST, FURTHEST)[:, None]
        else:
            block = spline_basis(normal_scores(filled, grid[np.isfinite(grid)]))
        block = np.where(null[:, None], 0.0, block)
        return np.column_stack([block, null]) if self.null_told[column] else block


def terms_of(table: FlatTable, splines: bool) -> Terms:
    """The terms learned from rows: numbers straight, or as cubic splines of their normal scores; a level with fewer
    than five rows shares a term with the other rare ones, and with those never seen."""
    columns = len(table.names)
    widest = max([QUANTILES, *(len(levels) + 1 for levels in table.levels)])
    kind, null_told = np.zeros(columns, np.int64), np.zeros(columns, bool)
    grid = np.full((columns, widest), np.nan)
    for i in range(columns):
        values = table.values[:, i]
        known = values[~np.isnan(values)]
        if table.kinds[i] == "category":
            counts = np.bincount(known.astype(np.int64), minlength=len(table.levels[i]))
            own = np.append(counts >= FEWEST_IN_LEVEL, len(values) - len(known) >= FEWEST_IN_LEVEL)
            if own.sum() + (counts[~own[:-1]].sum() > 0) > 1:
                kind[i] = 3
                grid[i, : len(own)] = np.where(own, np.cumsum(own) - 1, own.sum())
            continue
        null_told[i] = 0 < len(known) < len(values)
        if not len(known) or not known.max() > known.min():
            kind[i], grid[i, :2] = int(null_told[i]), (0.0, 1.0)
            continue
        is_spline = splines and len(np.unique(known)) > 2
        kind[i] = 2 if is_spline else 1
        if is_spline:
            grid[i, :QUANTILES] = np.quantile(known, np.linspace(0, 1, QUANTILES))
        else:
            grid[i, :2] = known.mean(), max(float(known.std()), 1e-12)
    return Terms(kind, null_told, grid)


def normal_scores(values: np.ndarray, quantiles: np.ndarray) -> np.ndarray:
    """What a standard normal has at the rank of each value among the learned quantiles, between its .1 % and 99.9 %;
    a value that holds several quantiles gets their middle rank."""
    ranks = np.linspace(0, 1, len(quantiles))
    above = np.interp(values, quantiles, ranks)
    below = 1 - np.interp(-values, -quantiles[::-1], ranks)
    return np.asarray(ndtri(np.clip((above + below) / 2, ndtr(-3.0), ndtr(3.0))))


def spline_basis(scores: np.ndarray) -> np.ndarray:
    """Cubic B-splines on five even knots from -3 to 3, the last left out, since they sum to one: float64 [rows, 6]."""
    knots = np.linspace(-3.0, 3.0, KNOTS)
    step = knots[1] - knots[0]
    outer = step * np.arange(1, DEGREE + 1)
    whole = np.concatenate([knots[0] - outer[::-1], knots, knots[-1] + outer])
    return BSpline.design_matrix(np.clip(scores, -3.0, 3.0), whole, DEGREE).toarray()[:, :-1]


def _one_hot(grid: np.ndarray, values: np.ndarray, width: int) -> np.ndarray:
    positions = grid[np.isfinite(grid)].astype(np.int64)
    code = np.where(np.isnan(values), len(positions) - 1, values).astype(np.int64)
    term = positions[code]
    return np.asarray(term[:, None] == np.arange(width)).astype(np.float64)
