"""Columns that differ between arms beyond chance: a draw cannot change what was known before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, rankdata

from foretell.examples.flat.columns import FlatColumn

LEVEL = 0.01
"""How often one or more of all columns would be found where every draw was fair."""
FEWEST_EXPECTED = 5.0


@dataclass(frozen=True)
class Imbalance:
    """A column whose values depend on the arm: how likely that is by chance, and its figures by arm as a sentence."""

    column: str
    p_value: float
    reason: str


def imbalances(columns: tuple[FlatColumn, ...], arm: np.ndarray, arms: tuple[str, ...]) -> list[Imbalance]:
    """The columns that differ between arms, at one level over all (Bonferroni)."""
    found = []
    for column in columns:
        p = min(1.0, 2 * min(_of_values(column, arm, len(arms)), _of_empty(column, arm, len(arms))))
        if p * max(len(columns), 1) < LEVEL:
            found.append(Imbalance(column.name, p, f"it differs between the arms ({_figures(column, arm, arms)})"))
    return found


def _of_values(column: FlatColumn, arm: np.ndarray, arms: int) -> float:
    """The p-value of "values do not depend on the arm": Kruskal and Wallis's test of ranks, or chi-squared."""
    known = np.isfinite(column.values)
    values, own = column.values[known], arm[known]
    if len(np.unique(own)) < 2 or len(np.unique(values)) < 2:
        return 1.0
    if column.kind == "category":
        return _chi_squared(np.unique(values, return_inverse=True)[1], own, arms)
    ranks = rankdata(values)
    apart = ranks - ranks.mean()
    sums = np.bincount(own, apart, minlength=arms)
    sizes = np.bincount(own, minlength=arms)
    between = float((sums[sizes > 0] ** 2 / sizes[sizes > 0]).sum())
    return float(chi2.sf(between / float(apart.var(ddof=1)), int((sizes > 0).sum()) - 1))


def _of_empty(column: FlatColumn, arm: np.ndarray, arms: int) -> float:
    """The same of whether there is a value."""
    return _chi_squared(np.isnan(column.values).astype(np.int64), arm, arms)


def _chi_squared(code: np.ndarray, arm: np.ndarray, arms: int) -> float:
    table = np.zeros((int(code.max(initial=0)) + 1, arms))
    np.add.at(table, (code, arm), 1)
    table = table[:, table.sum(axis=0) > 0]
    share = table.sum(axis=0) / table.sum()
    rare = table.sum(axis=1) * share.min() < FEWEST_EXPECTED
    table = np.vstack([table[~rare], table[rare].sum(axis=0)]) if rare.any() else table
    table = table[table.sum(axis=1) > 0]
    if min(table.shape) < 2:
        return 1.0
    expected = np.outer(table.sum(axis=1), share)
    return float(chi2.sf(((table - expected) ** 2 / expected).sum(), (table.shape[0] - 1) * (table.shape[1] - 1)))


def _figures(column: FlatColumn, arm: np.ndarray, arms: tuple[str, ...]) -> str:
    """A figure an arm: the mean, or the share of the most uneven level, or the share of empty cells."""
    if column.kind == "category":
        shares = np.array(
            [
                [float((column.values[arm == a] == level).mean()) for a in range(len(arms))]
                for level in range(len(column.levels))
            ]
        )
        level = int(np.ptp(shares, axis=1).argmax())
        told = [f"{share:.1%}" for share in shares[level]]
        return f"{column.levels[level]}: " + ", ".join(f"{name} {one}" for name, one in zip(arms, told, strict=True))
    means = [column.values[(arm == a) & np.isfinite(column.values)] for a in range(len(arms))]
    told = [f"{float(one.mean()):,.4g}" if len(one) else "none" for one in means]
    return "mean: " + ", ".join(f"{name} {one}" for name, one in zip(arms, told, strict=True))
