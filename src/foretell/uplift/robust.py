"""Doubly robust scores of outcomes under each arm (Robins, Rotnitzky and Zhao 1994), and outcomes held to a limit."""

from __future__ import annotations

import numpy as np

HIGHEST_SHARE = 0.99


def robust_scores(expected: np.ndarray, arm: np.ndarray, outcome: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """float64 [rows, arms], whose mean over rows is the mean outcome if all had that arm, without bias in a randomised
    experiment whatever `expected` (the same shape) says, so long as it did not see the row."""
    taken = arm[:, None] == np.arange(len(shares))
    return np.asarray(expected + taken * (outcome[:, None] - expected) / shares)


def limit_of(outcome: np.ndarray) -> float:
    """What outcomes are held to for learning: the value that 1 % of those other than 0 exceed; no limit for outcomes
    of two values."""
    filled = np.abs(outcome[outcome != 0])
    if len(np.unique(outcome)) <= 2 or not len(filled):
        return float("inf")
    return float(np.quantile(filled, HIGHEST_SHARE))


def held(outcome: np.ndarray, limit: float) -> np.ndarray:
    """The outcomes, none further from 0 than the limit."""
    return np.clip(outcome, -limit, limit)
