"""Reasons for flat tables: the columns that moved a row's chance most, told by the row's own values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.stats import rankdata

from foretell.examples.flat.table import FlatTable
from foretell.models.contract import Contributions
from foretell.scores.reasons import LEAST_SHARE, MOST_REASONS
from foretell.words.reasons import LESS_LIKELY, LIKELIER

ALIKE = 0.8
MOST_ROWS_TO_COMPARE = 5_000


def usual_values(table: FlatTable) -> np.ndarray:
    """The median of each number or date column, NaN for categories and empty ones: float64 [columns]."""
    usual = np.full(len(table.names), np.nan)
    for i, kind in enumerate(table.kinds):
        known = table.values[np.isfinite(table.values[:, i]), i]
        if kind != "category" and len(known):
            usual[i] = float(np.quantile(known, 0.5, method="lower"))
    return usual


def likes(table: FlatTable) -> np.ndarray:
    """int64 [columns]: a number or date whose ranks correlate beyond .8 with an earlier one joins the theme of the
    one it is nearest to; a theme is the position of its first column."""
    part = table.values[np.argsort(table.key, kind="stable")[:MOST_ROWS_TO_COMPARE]]
    theme = np.arange(len(table.names))
    ranks: dict[int, np.ndarray] = {}
    for i, kind in enumerate(table.kinds):
        values = part[:, i]
        known = np.isfinite(values)
        if kind == "category" or known.sum() < 3 or np.ptp(values[known]) == 0:
            continue
        ranked = rankdata(np.where(known, values, np.median(values[known])))
        ranked = (ranked - ranked.mean()) / ranked.std()
        alike = {j: abs(float((ranked * other).mean())) for j, other in ranks.items()}
        nearest = max(alike, key=lambda j: alike[j], default=None)
        if nearest is not None and alike[nearest] > ALIKE:
            theme[i] = theme[nearest]
        ranks[i] = ranked
    return theme


@dataclass(frozen=True)
class FlatReason:
    """What moved a row's chance: `way` is 1 for likelier, -1 for less likely; `fact` tells the strongest column."""

    way: int
    fact: str

    def in_words(self) -> str:
        """The reason as a sentence."""
        return f"{LIKELIER if self.way > 0 else LESS_LIKELY}: {self.fact}"


def flat_reasons(
    contributions: Contributions, table: FlatTable, usual: np.ndarray, theme: np.ndarray
) -> list[list[FlatReason]]:
    """At most three reasons a row, strongest first; columns of one theme count together and are told by the one that
    moved most. What moved less than a tenth of the whole is left out."""
    moved = np.zeros((len(table), len(table.names)))
    for column, place in enumerate(theme):
        moved[:, place] += contributions.values[:, column]
    strength = np.abs(moved)
    order = np.argsort(-strength, axis=1, kind="stable")[:, :MOST_REASONS]
    least = np.maximum(LEAST_SHARE * strength.sum(axis=1), 1e-12)
    own = np.abs(contributions.values)
    told_by = {int(place): np.flatnonzero(theme == place) for place in np.unique(theme)}
    reasons = []
    for row in range(len(table)):
        told = []
        for place in order[row]:
            if strength[row, place] >= least[row]:
                columns = told_by[int(place)]
                column = int(columns[np.argmax(own[row, columns])])
                way = 1 if moved[row, place] > 0 else -1
                told.append(FlatReason(way, fact(table, row, column, float(usual[column]))))
        reasons.append(told)
    return reasons


def fact(table: FlatTable, row: int, column: int, usual: float) -> str:
    """A row's value in words: `contract is monthly`, `tenure 3, usually 29`."""
    name, value = table.names[column], float(table.values[row, column])
    if np.isnan(value):
        return f"{name} is empty"
    if table.kinds[column] == "category":
        return f"{name} is {table.levels[column][int(value)]}"
    write = _day if table.kinds[column] == "date" else _number
    said, beside = write(value), write(usual) if np.isfinite(usual) else ""
    return f"{name} {said}, usually {beside}" if beside and said != beside else f"{name} {said}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:,.4g}"


def _day(days: float) -> str:
    try:
        return (date(1970, 1, 1) + timedelta(days=int(np.floor(days)))).isoformat()
    except OverflowError:
        return f"{days:,.0f} days after 1970"
