"""Folds of a flat table: identical rows in one fold, outcomes spread evenly, the same whatever the order of rows."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

FOLDS = 5
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def folds_of(
    key: np.ndarray, outcome: np.ndarray, seed: int, folds: int = FOLDS, customer: np.ndarray | None = None
) -> np.ndarray:
    """int64 [rows], the fold of each row, 0 to `folds` - 1.

    `key` is the hash of a row's content, `outcome` 0 or 1, `customer` an optional int64 code of whose row it is (-1:
    nobody's): rows that share either stay together. Groups are dealt out, large ones first, then in the order of a
    hash of key and seed, each to the fold that has least of the group's own outcome.
    """
    group = _groups(key, customer)
    size = np.bincount(group)
    positives = np.bincount(group, outcome).astype(np.int64)
    smallest = np.full(len(size), np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(smallest, group, key)
    mostly_positive = 2 * positives > size
    order = np.lexsort((_mixed(smallest, seed), -size))
    filled = np.zeros((2, folds), dtype=np.int64)
    fold_of_group = np.zeros(len(size), dtype=np.int64)
    for at in order.tolist():
        chosen = int(np.argmin(filled[int(mostly_positive[at])]))
        fold_of_group[at] = chosen
        filled[1, chosen] += positives[at]
        filled[0, chosen] += size[at] - positives[at]
    return fold_of_group[group]


def _groups(key: np.ndarray, customer: np.ndarray | None) -> np.ndarray:
    """int64 [rows]: rows with one key, or of one customer, or linked by a chain of such, have one number."""
    _, group = np.unique(key, return_inverse=True)
    if customer is None or not (customer >= 0).any():
        return np.asarray(group)
    owned = customer >= 0
    contents = int(group.max()) + 1
    size = contents + int(customer.max()) + 1
    pairs = coo_array((np.ones(int(owned.sum())), (group[owned], contents + customer[owned])), shape=(size, size))
    component = connected_components(pairs, directed=False)[1][group]
    return np.asarray(np.unique(component, return_inverse=True)[1])


def _mixed(key: np.ndarray, seed: int) -> np.ndarray:
    """A hash of key and seed (the finaliser of SplitMix64, Steele et al. 2014)."""
    with np.errstate(over="ignore"):
        z = key + GOLDEN * np.uint64(seed % 2**32 + 1)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(z ^ (z >> np.uint64(31)))
