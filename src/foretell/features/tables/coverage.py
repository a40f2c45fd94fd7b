"""How far back a table tells: a count of days of which it cannot know is null, for a 0 would tell the date."""

from __future__ import annotations

import numpy as np

from foretell.project.intervals import days
from foretell.timelines.as_of import AsOf


def over_days(view: AsOf, table: str, window_days: float, values: np.ndarray) -> np.ndarray:
    """float64: values of a window that ends at the cutoff; null for everybody where the table begins within it."""
    begun = view.population.begun.get(table)
    covered = begun is None or view.cutoff - days(window_days) >= begun
    return np.asarray(values, dtype=np.float64) if covered else np.full(view.customers, np.nan)


def since_last_order(view: AsOf, table: str, values: np.ndarray) -> np.ndarray:
    """float64: values of the time since the last order; null for whom the table begins later than that, or who never
    ordered."""
    begun = view.population.begun.get(table)
    last = view.orders.last("happened_at")
    covered = np.isfinite(last) if begun is None else last >= begun
    return np.where(covered, values, np.nan)
