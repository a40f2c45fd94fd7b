"""Money is exact in ten-thousandths: sums do not depend on their order."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretell.project.money import LARGEST_AMOUNT, UNITS_PER_ONE, to_units


@given(st.lists(st.integers(-(10**12), 10**12), max_size=9))
def test_amounts_with_two_decimals_are_kept_exactly(cents: list[int]) -> None:
    units = to_units(np.array(cents, dtype=np.float64) / 100)
    assert units.dtype == np.int64
    assert units.tolist() == [cent * UNITS_PER_ONE // 100 for cent in cents]
    assert units.sum() == units[::-1].sum() == sum(cents) * UNITS_PER_ONE // 100


def test_halves_of_the_last_unit_go_to_the_even_one() -> None:
    thirty_seconds = np.array([1.0, 3.0, -1.0, -3.0]) / 32
    assert to_units(thirty_seconds).tolist() == [312, 938, -312, -938]


def test_a_refund_is_the_amount_with_its_sign_turned_and_the_largest_amount_fits() -> None:
    amounts = np.array([0.1, 19.99, 1234.5678, LARGEST_AMOUNT])
    assert to_units(-amounts).tolist() == [-1_000, -199_900, -12_345_678, -(10**16)]
