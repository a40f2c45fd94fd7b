"""Rows that belong together share a fold, outcomes are spread evenly, and order does not matter."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretell.examples.flat.folds import folds_of

ROWS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 1), st.integers(-1, 8)), min_size=1, max_size=120)


def arrays(rows: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    key, outcome, customer = (np.array(column) for column in zip(*rows, strict=True))
    return key.astype(np.uint64) * np.uint64(0x123456789ABCDEF), outcome.astype(float), customer


@given(ROWS, st.integers(0, 3))
def test_identical_rows_and_rows_of_a_customer_share_a_fold(rows: list[tuple[int, int, int]], seed: int) -> None:
    key, outcome, customer = arrays(rows)
    fold = folds_of(key, outcome, seed, customer=customer)
    for same in (key, np.where(customer >= 0, customer, 1000 + np.arange(len(key)))):
        for value in np.unique(same):
            assert len(np.unique(fold[same == value])) == 1
    assert set(fold.tolist()) <= set(range(5))


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[tuple[int, int, int]], random: Random) -> None:
    key, outcome, customer = arrays(rows)
    order = np.array(random.sample(range(len(key)), len(key)))
    shuffled = folds_of(key[order], outcome[order], 1, customer=customer[order])
    assert shuffled.tolist() == folds_of(key, outcome, 1, customer=customer)[order].tolist()


def test_outcomes_are_spread_evenly_and_seeds_differ() -> None:
    random = np.random.default_rng(0)
    key = random.integers(0, 2**63, 1000).astype(np.uint64)
    outcome = (random.random(1000) < 0.1).astype(float)
    fold = folds_of(key, outcome, 0)
    of_each = np.bincount(fold, outcome, 5)
    assert of_each.max() - of_each.min() <= 1
    assert np.ptp(np.bincount(fold)) <= 2
    assert (folds_of(key, outcome, 1) != fold).mean() > 0.5
