"""What came to a customer since is told whole, whatever came."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.words.changes import happened_since

NUMBERS = st.integers(-5, 5).map(float)
MONEY = st.integers(-50_000, 50_000).map(lambda cents: cents / 100)


@pytest.mark.parametrize(
    ("orders", "spend", "refunds", "refunded", "told"),
    [
        (0, 0.0, 0, 0.0, ""),
        (1, 55.0, 0, 0.0, "1 order since, 55.00 GBP"),
        (2, 128.0, 1, 12.0, "2 orders since, 140 GBP; 1 refund, 12.00 GBP"),
        (0, -12.0, 1, 12.0, "1 refund since, 12.00 GBP"),
        (-1, -30.0, 0, 0.0, "1 order fewer since, 30.00 GBP"),
        (0, 9.5, 0, 0.0, "more spent on earlier orders since, 9.50 GBP"),
        (0, -9.5, 0, 0.0, "less spent on earlier orders since, 9.50 GBP"),
        (0, 12.0, -1, -12.0, "1 refund fewer since, 12.00 GBP"),
        (1, 0.0, 0, 0.0, "1 order since, 0 GBP"),
    ],
)
def test_what_came_is_told(orders: float, spend: float, refunds: float, refunded: float, told: str) -> None:
    assert happened_since(orders, spend, refunds, refunded, "GBP") == told


@given(NUMBERS, MONEY, NUMBERS, MONEY)
def test_it_is_one_plain_line(orders: float, spend: float, refunds: float, refunded: float) -> None:
    told = happened_since(orders, spend, refunds, refunded, "GBP")
    assert not re.search(r"nan|inf|None|[-−\xa0\n]", told)
    assert told.count(" since, ") == bool(told)
    assert bool(told) == any((orders, refunds, abs(refunded) >= 0.005, abs(spend + refunded) >= 0.005))
