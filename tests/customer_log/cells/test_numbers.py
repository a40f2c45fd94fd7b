"""Every written form of a number gives what `decimal.Decimal` gives."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.cells.numbers import NOT_A_NUMBER, REASONS, amounts, decimal_evidence, quantities
from foretell.project.request import DecimalSign

money = st.decimals(-(10**9), 10**9, places=4)


def units(number: Decimal) -> int:
    return int((number * 10_000).to_integral_value(ROUND_HALF_EVEN))


def european(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))


WRITTEN = {
    "plain": lambda d: f"{d:f}",
    "thousands": lambda d: f"{d:,f}",
    "currency before": lambda d: f"€ {d:,.4f}",
    "currency after": lambda d: f"{d:,.4f} EUR",
    "sign last": lambda d: f"{abs(d):.4f}-" if d < 0 else f"{d:.4f}",
    "brackets": lambda d: f"({abs(d):,.4f})" if d < 0 else f"{d:,.4f}",
    "spaces": lambda d: f"{d:,.4f}".replace(",", "\u00a0"),
    "apostrophes": lambda d: f"{d:,.4f}".replace(",", "’"),
    "plus": lambda d: f"{d:+.4f}",
    "dollar and sign": lambda d: f"-${abs(d):,.4f}" if d < 0 else f"${d:,.4f}",
    "true minus": lambda d: f"{d:.4f}".replace("-", "−"),
}


@pytest.mark.parametrize("sign", [".", ","])
@pytest.mark.parametrize("form", WRITTEN)
@given(numbers=st.lists(money, min_size=1, max_size=20))
def test_an_amount_is_read_to_the_last_digit(form: str, sign: DecimalSign, numbers: list[Decimal]) -> None:
    texts = [WRITTEN[form](number) for number in numbers]
    column = pa.array(texts if sign == "." else [european(text) for text in texts])
    found = amounts(column, sign)
    assert found.values.tolist() == [units(number) for number in numbers]
    assert not found.reasons.any()
    np.testing.assert_allclose(quantities(column, sign).values, [float(n) for n in numbers], rtol=1e-12)


@given(st.lists(st.decimals(-1000, 1000, places=9), min_size=1))
def test_digits_beyond_the_fourth_are_rounded_half_to_even(numbers: list[Decimal]) -> None:
    assert amounts(pa.array([f"{n:f}" for n in numbers]), ".").values.tolist() == [units(n) for n in numbers]


@given(st.lists(st.decimals(-(10**7), 10**7, places=2), min_size=1))
def test_typed_amounts(numbers: list[Decimal]) -> None:
    expected = [units(n) for n in numbers]
    assert amounts(pa.array([float(n) for n in numbers]), ",").values.tolist() == expected
    assert amounts(pa.array(numbers, pa.decimal128(20, 2)), ",").values.tolist() == expected


def test_typed_integers_are_exact() -> None:
    assert amounts(pa.array([3, None, -(10**12)]), ".").values.tolist() == [30_000, 0, -(10**16)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no number"), (None, "no number"), ("n/a", "no number"), ("NaN", "no number"), ("inf",
        "not a finite number"),
        ("-Infinity", "not a finite number"), ("free", "not a number"), ("12,34,5", "not a number"), ("1.2.3",
        "not a number"),
        ("9999999999999999", "the number is too large"), ("1e300", "the number is too large"), ("(5", "not a number"),
        ("12%", "not a number"), ("#REF!", "no number"), ("1-2", "not a number"), ("--5", "not a number"),
    ],
)  # fmt: skip
def test_what_is_no_amount_says_why(text: str | None, reason: str) -> None:
    for neighbours in ([], ["5.00"]):
        found = amounts(pa.array([text, *neighbours], pa.string()), ".")
        assert REASONS[found.reasons[0]] == reason
        assert found.values[0] == 0


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e13])
def test_typed_numbers_that_cannot_be_amounts(value: float) -> None:
    assert amounts(pa.array([value]), ".").reasons[0] > 0


@given(st.lists(st.text(max_size=12), max_size=20), st.sampled_from([".", ","]))
def test_no_text_breaks_the_reading(texts: list[str], sign: DecimalSign) -> None:
    clean = pa.array([t.encode("utf-8", "replace").decode() for t in texts], pa.string())
    together = amounts(clean, sign)
    for i, text in enumerate(clean.to_pylist()):
        alone = amounts(pa.array([text]), sign)
        assert (alone.values[0], alone.reasons[0]) == (together.values[i], together.reasons[i])


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["12.50", "1,234.5"], (2, 0, 0)), (["12,50", "1.234,5", "0,500"], (0, 3, 0)), (["1.234", "1,234",
        "5"], (0, 0, 2)),
        (["1,234,567"], (1, 0, 0)), (["1.234.567"], (0, 1, 0)), (["1 234,5"], (0, 1, 0)), (["12345.678"], (1, 0, 0)),
        (["7", "", "x"], (0, 0, 0)),
    ],
)  # fmt: skip
def test_what_tells_a_comma_from_a_point(texts: list[str], expected: tuple[int, int, int]) -> None:
    assert decimal_evidence(pa.array(texts)) == expected


def test_typed_numbers_are_no_evidence() -> None:
    assert sum(decimal_evidence(pa.array([1.5, 2.5]))) == 0


@pytest.mark.parametrize("cell", ["1e-999999999", "1E999999999", "9" * 100_000, "0." + "0" * 100_000 + "1"])
def test_a_number_without_bounds_is_none(cell: str) -> None:
    column = pa.array(["1.5", cell])
    assert amounts(column, ".").values.tolist() == [15_000, 0]
    assert amounts(column, ".").reasons.tolist() == [0, NOT_A_NUMBER]
    assert quantities(column, ".").values[0] == 1.5
    assert decimal_evidence(column).point == 1
