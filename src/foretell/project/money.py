"""Money as int64 with four decimals, so that sums are exact whatever their order."""

from __future__ import annotations

import numpy as np

UNITS_PER_ONE = 10_000
LARGEST_AMOUNT = 1e12


def to_units(amount: np.ndarray) -> np.ndarray:
    """int64 ten-thousandths of float amounts, halves to even; |amount| must not exceed `LARGEST_AMOUNT`."""
    return np.rint(np.asarray(amount, dtype=np.float64) * UNITS_PER_ONE).astype(np.int64)
