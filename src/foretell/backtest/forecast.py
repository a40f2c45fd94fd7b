"""A forecast to be judged, and the row that says how good it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from foretell.project.objectives import Kind

ALL = "all"
"""The slice of every row: on it models are compared, chosen and graded."""


@dataclass(frozen=True)
class Forecast:
    """Forecasts of one model for one objective at one past cutoff, beside what happened; one entry a customer.

    `predicted` is a probability or a mean; `median`, `low`, `high` (80 %) only for amounts. `actual` is never NaN.
    `slices` maps a name (`all`, `active`, ...) to bool. `threshold` was chosen on earlier cutoffs, for probabilities.
    `customer_key` pairs the rows of several models: all forecasts of one objective and cutoff have the same rows.
    """

    objective: str
    kind: Kind
    horizon_days: int
    cutoff: int
    model: str
    customer_key: np.ndarray
    predicted: np.ndarray
    actual: np.ndarray
    slices: Mapping[str, np.ndarray]
    threshold: float | None = None
    median: np.ndarray | None = None
    low: np.ndarray | None = None
    high: np.ndarray | None = None

    @cached_property
    def by_customer(self) -> np.ndarray:
        """Positions of the rows by ascending customer key, int64 [rows]."""
        return np.argsort(self.customer_key, kind="stable")


@dataclass(frozen=True)
class Measured:
    """One row of backtest.json: a metric's value with its 90 % bootstrap interval (None: could not be computed)."""

    objective: str
    horizon_days: int
    cutoff: str
    slice: str
    model: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    positives: int | None
