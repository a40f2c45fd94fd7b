"""Measures of a forecast that is a distribution: over classes, float64 [rows, classes], or over a line."""

from __future__ import annotations

import numpy as np

LEAST = 1e-12


def log_losses(probability: np.ndarray, came: np.ndarray) -> np.ndarray:
    """float64 [rows]: minus the log of the chance that the class which came was given."""
    return np.asarray(-np.log(np.maximum(probability[np.arange(len(came)), came], LEAST)))


def ranked_probability_scores(probability: np.ndarray, came: np.ndarray) -> np.ndarray:
    """float64 [rows]: the sum of squared differences of the two cumulative distributions over classes - 1 (Epstein
    1969); for classes in an order.

    >>> ranked_probability_scores(np.array([[0.0, 1.0, 0.0]]), np.array([0])).tolist()
    [0.5]
    """
    classes = probability.shape[1]
    steps = came[:, None] <= np.arange(classes - 1)
    distance = np.cumsum(probability, axis=1)[:, :-1] - steps
    return np.asarray((distance**2).sum(axis=1) / max(classes - 1, 1))


def macro_f1(guess: np.ndarray, came: np.ndarray, classes: int) -> float:
    """The mean of the F1 scores of the classes that were guessed or came; NaN without rows."""
    hits = np.bincount(guess[guess == came], minlength=classes)
    both = np.bincount(guess, minlength=classes) + np.bincount(came, minlength=classes)
    met = both > 0
    return float((2 * hits[met] / both[met]).mean()) if met.any() else float("nan")


def flow_error(start: np.ndarray, probability: np.ndarray, came: np.ndarray) -> float:
    """The share of customers who would have to be put elsewhere to turn the expected matrix of flows (from `start`
    to the class that came) into the real one: half the sum of absolute differences over rows; NaN without rows."""
    classes = probability.shape[1]
    difference = np.zeros((classes, classes))
    np.add.at(difference, start, probability)
    np.subtract.at(difference, (start, came), 1.0)
    return float(np.abs(difference).sum() / 2 / len(came)) if len(came) else float("nan")


def randomised_pit(below: np.ndarray, up_to: np.ndarray, customer_key: np.ndarray, seed: int) -> np.ndarray:
    """float64 [rows], uniform on [0, 1] if the distributions are right, atoms (no order at all) included.

    `below` is P(outcome < actual) and `up_to` is P(outcome <= actual) under each row's forecast. u = below + v x
    (up_to - below) with v uniform (Czado, Gneiting and Held 2009, Predictive model assessment for count data,
    section 2.1). `v` goes by the order of customer keys, so the order of rows does not matter.

    >>> below, up_to = np.array([0.0, 0.7]), np.array([0.7, 0.9])
    >>> u = randomised_pit(below, up_to, np.array([4, 9], dtype=np.uint64), seed=1)
    >>> bool(((below <= u) & (u <= up_to)).all())
    True
    """
    uniform = np.empty(len(below))
    uniform[np.argsort(customer_key, kind="stable")] = np.random.default_rng(seed).random(len(below))
    return np.asarray(below + uniform * (up_to - below))
