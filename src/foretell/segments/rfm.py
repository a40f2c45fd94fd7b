"""RFM segments: recency, frequency and money in up to five classes each, and the usual eleven names.

Classes are cut at quintiles of all customers given together, so a customer's segment depends on the
others; equal values share a class, and a log with few distinct values has fewer classes. Two things do not
depend on others: one order is the lowest class of frequency, and whoever ordered lately has not lapsed.
"""

from __future__ import annotations

import numpy as np

CLASSES = 5
LATELY = 4
"""The lowest class of recency of those who ordered lately."""
LATELY_DAYS = (7, 30)
YEAR_DAYS = 365
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
    """The segment of each customer as text, from days since the last order, and orders and spend over the trailing
    year. One class stands for frequency and money: the rounded mean of their two classes.

    Silence is counted in whole days. It is no lapse while it lasts no longer than the customer's mean gap in the
    year, a week at least and 30 days at most.

    >>> rfm_segments(np.array([1.0, 400.0]), np.array([9.0, 1.0]), np.array([900.0, 5.0])).tolist()
    ['Loyal', 'Hibernating']
    """
    silent, orders = np.floor(np.asarray(days_since_last, dtype=np.float64)), np.asarray(orders, dtype=np.float64)
    is_late = silent > np.clip(YEAR_DAYS / np.maximum(orders, 1), *LATELY_DAYS)
    recency = np.where(is_late, classes(-silent), np.maximum(classes(-silent), LATELY))
    frequency = np.where(orders > 1, classes(orders), 1)
    value = np.floor((frequency + classes(spend)) / 2 + 0.5).astype(np.int64)
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
