from __future__ import annotations

from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretell.generated.identifiers import money, numbered, of_codes


def test_numbers_get_their_letter_and_negative_ones_are_none() -> None:
    assert numbered("P", np.array([7, 12_345, -1, 0]), 4).to_pylist() == ["P0007", "P12345", None, "P0000"]


def test_codes_become_words_and_negative_ones_none() -> None:
    assert of_codes(("a", "b"), np.array([1, -1, 0])).to_pylist() == ["b", None, "a"]


@given(st.lists(st.integers(-(10**15), 10**15)))
def test_cents_become_money_exactly(cents: list[int]) -> None:
    assert money(np.array(cents, dtype=np.int64)).to_pylist() == [Decimal(value).scaleb(-2) for value in cents]
