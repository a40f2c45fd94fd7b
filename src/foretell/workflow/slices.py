"""Slices: the kinds of customers on whom the models that serve are proved apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from foretell.examples.examples import Examples

NEW_DAYS = 90
EVERYBODY = ("all", "active")

SLICES: dict[str, Callable[[Mapping[str, np.ndarray]], np.ndarray]] = {
    "one order": lambda facts: facts["purchase_days"] <= 1,
    "2 to 4 orders": lambda facts: (facts["purchase_days"] > 1) & (facts["purchase_days"] < 5),
    "5 orders and more": lambda facts: facts["purchase_days"] >= 5,
    "new customers": lambda facts: facts["observed_days"] <= NEW_DAYS,
    "older customers": lambda facts: facts["observed_days"] > NEW_DAYS,
}
"""By depth of history (orders of one day count as one) and by age: first seen within `NEW_DAYS`, or longer ago."""


def slices_of(examples: Examples) -> dict[str, np.ndarray]:
    """bool [rows] of each slice: by depth, and by age, every row lies in exactly one."""
    return {name: holds(examples.facts) for name, holds in SLICES.items()}
