"""Moves through three segments whose law is known: who buys goes where a table says, who does not ages."""

from __future__ import annotations

import numpy as np

from foretell.segments.migration.moves import Moves

SEGMENTS = ("Warm", "Cool", "Gone")
AGES = np.array([1, 2, 2])
"""Where silence leads from each segment."""


def where_orders_lead(worth: np.ndarray) -> np.ndarray:
    """float64 [rows, 3]: the true Q, by what a customer is worth; nobody who buys is gone."""
    warm = 1 / (1 + np.exp(-2.5 * worth))
    return np.column_stack([warm, 1 - warm, np.zeros(len(worth))])


def made_moves(rows: int, seed: int, first_key: int = 0) -> tuple[Moves, np.ndarray]:
    """So many moves, and the true chance of an order of each; landing differs from start."""
    random = np.random.default_rng(seed)
    start = random.integers(0, 3, rows)
    worth, rhythm = random.normal(size=rows), random.normal(size=rows)
    chance = 1 / (1 + np.exp(-(1.5 * rhythm + np.array([1.0, -0.5, -2.0])[start])))
    ordered = random.random(rows) < chance
    leads = (random.random((rows, 1)) > np.cumsum(where_orders_lead(worth), axis=1)).sum(axis=1)
    landing = AGES[start]
    end = np.where(ordered, leads, landing)
    inputs = np.column_stack([worth, rhythm, start == 0, start == 1, start == 2]).astype(np.float64)
    keys = np.arange(first_key, first_key + rows, dtype=np.uint64)
    spent = np.where(ordered, np.exp(worth), 0.0)
    return Moves(SEGMENTS, keys, start, landing, inputs, end, ordered, spent), chance
