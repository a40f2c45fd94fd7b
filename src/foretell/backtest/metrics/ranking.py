"""Rows in the order of their forecast, tied rows as one group, under many sets of weights at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Ranking:
    """An ascending order of rows in which equal values share one place.

    `order` holds the positions of the rows, int64 [rows]. `edges` holds where each group of equal values begins in
    that order, and the number of rows at the end, int64 [groups + 1]; None if all values differ.
    """

    order: np.ndarray
    edges: np.ndarray | None

    @classmethod
    def of(cls, values: np.ndarray) -> Ranking:
        """The ranking of float64 [rows] without NaN.

        >>> Ranking.of(np.array([0.5, 0.1, 0.5])).edges
        array([0, 1, 3])
        """
        order = np.argsort(values, kind="stable")
        ranked = values[order]
        changes = np.flatnonzero(ranked[1:] != ranked[:-1]) + 1
        if len(changes) == len(values) - 1:
            return cls(order, None)
        return cls(order, np.concatenate([[0], changes, [len(values)]]))

    def cumulated(self, masses: np.ndarray) -> np.ndarray:
        """Running sums of `masses` [sets, rows], already in this order, at the groups' edges: [sets, groups + 1]."""
        running = np.zeros((masses.shape[0], masses.shape[1] + 1))
        np.cumsum(masses, axis=1, out=running[:, 1:])
        return running if self.edges is None else running[:, self.edges]


def area(heights: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Trapezoid area below `heights` over `positions`, both [sets, edges]: the mean over all orders of tied rows."""
    steps = np.diff(positions, axis=1)
    middles = (heights[:, 1:] + heights[:, :-1]) / 2
    return np.asarray(np.einsum("ij,ij->i", steps, middles))


def mass_of_top(share: float, mass: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """How much of `mass` the highest `share` of `rows` holds, float64 [sets]; both cumulated, [sets, edges].

    A group of ties at the border counts in part: the mean over all orders of tied rows.
    """
    rest = [np.interp((1 - share) * r[-1], r, m) for r, m in zip(rows, mass, strict=True)]
    return np.asarray(mass[:, -1] - np.array(rest))


def equal_mass_bins(values: np.ndarray, bins: int) -> np.ndarray:
    """int64 [rows]: which of `bins` equally large bins each value falls in; equal values share the bin of their middle.

    >>> equal_mass_bins(np.array([3.0, 1.0, 2.0, 4.0]), 2)
    array([1, 0, 0, 1])
    """
    ranking = Ranking.of(values)
    edges = np.arange(len(values) + 1) if ranking.edges is None else ranking.edges
    of_group = (edges[1:] + edges[:-1]) * bins // (2 * max(len(values), 1))
    binned = np.empty(len(values), dtype=np.int64)
    binned[ranking.order] = np.repeat(of_group, np.diff(edges))
    return binned


def sums_by_bin(masses: np.ndarray, binned: np.ndarray) -> np.ndarray:
    """Sums of `masses` [sets, rows] in each bin that has rows; `binned` int64 [rows] is ascending: [sets, bins]."""
    return np.asarray(np.add.reduceat(masses, np.flatnonzero(np.diff(binned, prepend=-1)), axis=1))


def divided(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """The quotient, NaN where the denominator is zero."""
    known = denominator != 0
    return np.where(known, numerator / np.where(known, denominator, 1.0), np.nan)
