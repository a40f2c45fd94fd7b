"""RFM segments: recency, frequency and money in up to five classes each, and the usual eleven names.

Classes are cut at quintiles of all customers given together, so a customer's segment depends on the
others; equal values share a class, and a log with few distinct values has fewer classes.
"""

from __future__ import annotations

import numpy as np

CLASSES = 5
RULES: tuple[tuple[str, tuple[int, int], tuple[int, int]], ...] = (
    ("Champions", (5, 5), (4, 5)),
    ("Loyal", (3, 4), (4, 5)),
    ("Cannot lose", (1, 1), (5, 5)),
    ("At risk", (1, 2), (3, 5)),
    ("Potential loyalist", (4, 5), (2, 3)),
    ("Need attention", (3, 3), (3, 3)),
    ("New", (5, 5), (1, 1)),
    ("Promising", (4, 4), (1, 1)),
    ("About to sleep", (3, 3), (1, 2)),
    ("Hibernating", (2, 2), (1, 2)),
    ("Lost", (1, 1), (1, 2)),
)
"""Name, range of the recency class, range of the frequency-and-money class (5 is best); the first that holds."""


def rfm_segments(days_since_last: np.ndarray, orders: np.ndarray, spend: np.ndarray) -> np.ndarray:
    """The segment of each customer as text, from days since the last order, and orders and spend over a
    trailing window. One class stands for frequency and money: the rounded mean of their two classes.

    >>> rfm_segments(np.array([1.0, 400.0]), np.array([9.0, 1.0]), np.array([900.0, 5.0])).tolist()
    ['Loyal', 'Hibernating']
    """
    recency = classes(-np.asarray(days_since_last, dtype=np.float64))
    value = np.floor((classes(orders) + classes(spend)) / 2 + 0.5).astype(np.int64)
    segment = np.full(len(recency), "", dtype=object)
    for name, (r_low, r_high), (v_low, v_high) in RULES:
        holds = (recency >= r_low) & (recency <= r_high) & (value >= v_low) & (value <= v_high)
        segment[(segment == "") & holds] = name
    return segment


def classes(values: np.ndarray) -> np.ndarray:
    """int64 1 to 5 by the share of values below and half of those equal; equal values share a class.

    >>> classes(np.array([1, 1, 1, 1, 9])).tolist()
    [3, 3, 3, 3, 5]
    """
    values = np.asarray(values, dtype=np.float64)
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, side="left")
    up_to = np.searchsorted(ordered, values, side="right")
    share = (below + up_to) / (2 * max(len(values), 1))
    return np.minimum(np.floor(share * CLASSES).astype(np.int64) + 1, CLASSES)
