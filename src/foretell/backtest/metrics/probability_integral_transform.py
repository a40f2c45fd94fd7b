"""Whether whole predictive distributions were right: the randomised probability integral transform."""

from __future__ import annotations

import numpy as np


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
    transformed: np.ndarray = below + uniform * (up_to - below)
    return transformed
