"""Discounts: money, shares and percentages come out as the same money taken off."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.cells.discounts import Counts, DiscountForm, discount_evidence, discounts

PAID = 80_000


def taken_off(cells: pa.Array, form: DiscountForm, decimal: str = ".", paid: int = PAID) -> list[int]:
    return discounts(cells, decimal, form, np.full(len(cells), paid)).tolist()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "form", "off"),
    [
        (["2", "-2.00", "€ 2"], "money", 20_000),
        (["0.2", "-.2", "20 %", "20%"], "share", 20_000),
        (["20", "20.0", "20%"], "percent", 20_000),
        (["", "none", "n/a", "free", "0", None], "money", 0),
        (["100%", "-100 %"], "money", PAID),
    ],
)
def test_a_discount_is_money_taken_off(cells: list[str | None], form: DiscountForm, off: int) -> None:
    assert taken_off(pa.array(cells, pa.string()), form) == [off] * len(cells)


def test_typed_columns_and_decimal_commas_are_read() -> None:
    assert taken_off(pa.array([0.2, None, float("nan")]), "share") == [20_000, 0, 0]
    assert taken_off(pa.array([2, 0]), "money") == [20_000, 0]
    assert taken_off(pa.array(["0,2"]), "share", ",") == [20_000]


def test_nothing_is_taken_off_a_refund() -> None:
    assert taken_off(pa.array(["2", "50%"]), "money", paid=-PAID) == [0, 0]


@given(
    st.lists(st.none() | st.text(max_size=8) | st.floats(0, 300).map(str), max_size=20), st.integers(-(10**12), 10**12)
)
def test_any_text_gives_a_number_of_money(cells: list[str | None], paid: int) -> None:
    for form in ("money", "share", "percent"):
        for decimal in (".", ","):
            found = taken_off(pa.array(cells, pa.string()), form, decimal, paid)
            assert all(0 <= value <= 10**18 for value in found)


@given(st.integers(1, 99), st.integers(1, 10**9))
def test_share_and_percentage_are_of_the_price_before(percent: int, paid: int) -> None:
    [off] = taken_off(pa.array([f"{percent}%"]), "money", paid=paid)
    assert off / (off + paid) == pytest.approx(percent / 100, abs=1 / (off + paid))


def test_evidence_counts_discounts_up_to_one() -> None:
    first = discount_evidence(pa.array(["0.1", "", "0", "1", "10%", "3"]))
    assert first.point == Counts(3, 2, 1)
    assert first.plus(first).point == Counts(6, 4, 2)
    assert not first.are_shares(".", 0.02)
    assert discount_evidence(pa.array(["0,5", "1"])).are_shares(",", 0.02)
    assert not discount_evidence(pa.array(["1", "0", "1"])).are_shares(".", 0.02)
