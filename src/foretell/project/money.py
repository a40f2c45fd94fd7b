"""Money as int64 with four decimals, so that sums are exact whatever their order."""

from __future__ import annotations

import numpy as np

UNITS_PER_ONE = 10_000
LARGEST_AMOUNT = 1e12


def to_units(amount: np.ndarray) -> np.ndarray:
    """int64 ten-thousandths of float amounts, halves to even; |amount| must not exceed `LARGEST_AMOUNT`."""
    return np.rint(np.asarray(amount, dtype=np.float64) * UNITS_PER_ONE).astype(np.int64)


def spoken(amount: float, currency: str = "") -> str:
    """An amount as people write it: thousands apart, pennies only where they matter.

    >>> spoken(1234.5, "GBP")
    '1,234.50 GBP'
    >>> spoken(15234.5)
    '15,234'
    """
    figure = f"{amount:,.0f}" if abs(amount) >= 10_000 else f"{amount:,.2f}"
    return f"{figure} {currency}".strip()
