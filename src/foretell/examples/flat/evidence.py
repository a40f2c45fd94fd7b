"""What one column alone tells about the outcome: how well it ranks, what it gains, and where it leaves no doubt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from foretell.examples.flat.columns import FlatColumn

BINS = 20
MOST_LEVELS = 20
SURE = 0.99
STEADY = 5.0
RARE_SHARE = 0.05
"""A stretch of values is free of the outcome where it holds under this share of what would be usual."""


@dataclass(frozen=True)
class LeakEvidence:
    """Of rows with a label: `auroc` of the column alone, .5 to 1, and `gain`, the log loss it takes off the base
    rate's, both learned on one half of the rows and told of the other. `filled_auroc` is that of whether it is filled.

    `free_rows` lie at one end of a number's values and hold `free_positives` outcomes where `free_expected` would be
    usual; `sure_rows` share a value, `sure_value`, after which the outcome always came.
    """

    auroc: float
    gain: float
    filled_auroc: float
    free_rows: int
    free_positives: int
    free_expected: float
    free_below: float | None
    sure_rows: int
    sure_value: str
    sure_by_being_there: bool


def evidence_of(column: FlatColumn, outcome: np.ndarray, half: np.ndarray) -> LeakEvidence:
    """The evidence of a column on rows with outcome 0 or 1, both present; `half` is bool [rows], a split by content."""
    bins = _bins(column)
    rates = np.empty(len(outcome))
    for taught in (half, ~half):
        rates[~taught] = _rates(bins[taught], outcome[taught], int(bins.max()) + 1)[bins[~taught]]
    rate = float(outcome.mean())
    own = -np.mean(outcome * np.log(rates) + (1 - outcome) * np.log(1 - rates))
    base = -(rate * np.log(rate) + (1 - rate) * np.log(1 - rate))
    ranked = np.mean([_auroc(rates[side], outcome[side]) for side in (half, ~half)])
    filled = _auroc(np.isfinite(column.values).astype(float), outcome)
    free = _free_end(column, outcome) if column.kind != "category" else (0, 0, 0.0, None)
    return LeakEvidence(float(ranked), float(base - own), max(filled, 1 - filled), *free, *_sure(column, outcome))


def _bins(column: FlatColumn) -> np.ndarray:
    """int64 [rows]: the bin of each row, nulls the last."""
    null = np.isnan(column.values)
    if column.kind == "category":
        return np.where(null, len(column.levels), np.where(null, 0, column.values)).astype(np.int64)
    known = column.values[~null]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])) if len(known) else np.zeros(0)
    single = np.unique(known)
    edges = (single[1:] + single[:-1]) / 2 if len(single) <= BINS else edges
    return np.where(null, len(edges) + 1, np.searchsorted(edges, np.where(null, 0, column.values), side="left"))


def _rates(bins: np.ndarray, outcome: np.ndarray, count: int) -> np.ndarray:
    rate = (outcome.sum() + 0.5) / (len(outcome) + 1)
    rows = np.bincount(bins, minlength=count)
    return np.asarray((np.bincount(bins, outcome, count) + STEADY * rate) / (rows + STEADY))


def _auroc(score: np.ndarray, outcome: np.ndarray) -> float:
    positives = float(outcome.sum())
    negatives = len(outcome) - positives
    if not positives or not negatives:
        return 0.5
    ranks = float(rankdata(score)[outcome > 0.5].sum())
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives)


def _free_end(column: FlatColumn, outcome: np.ndarray) -> tuple[int, int, float, float | None]:
    """The longest stretch from either end with hardly an outcome: rows, outcomes, outcomes expected, and the value
    under which it lies (None where it lies above)."""
    known = np.isfinite(column.values)
    values, found = column.values[known], outcome[known]
    best: tuple[int, int, float, float | None] = (0, 0, 0.0, None)
    if not len(values):
        return best
    rate = float(found.mean())
    for sign in (1.0, -1.0):
        order = np.argsort(sign * values, kind="stable")
        ordered = values[order]
        hits = np.cumsum(found[order])
        ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], False))
        free = ends[hits[ends] <= RARE_SHARE * rate * (ends + 1)]
        if len(free) and free[-1] + 1 > best[0]:
            last = int(free[-1])
            below = float(ordered[last + 1]) if sign > 0 else None
            best = (last + 1, int(hits[last]), rate * (last + 1), below)
    return best


def _sure(column: FlatColumn, outcome: np.ndarray) -> tuple[int, str, bool]:
    """The largest group of rows all but all of which have the outcome: by being there or not, else by one value."""
    null = np.isnan(column.values)
    values, place, counts = np.unique(column.values[~null], return_inverse=True, return_counts=True)
    there = [(~null, "filled"), (null, "empty")]
    if column.kind != "category" and len(values) > 1:
        usual = values[np.argmax(counts)]
        there.append((~null & (column.values != usual), f"other than {column.said(usual)}"))
    sizes = [(int(rows.sum()), text, True) for rows, text in there if rows.any() and outcome[rows].mean() >= SURE]
    if not sizes and (len(values) <= MOST_LEVELS or column.kind == "category"):
        hits = np.bincount(place, outcome[~null], len(values))
        sure = np.flatnonzero(hits >= SURE * counts)
        sizes = [(int(counts[at]), column.said(values[at]), False) for at in sure]
    return max(sizes, default=(0, "", False))
