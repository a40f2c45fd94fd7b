"""A month is known by its name in seven languages or by its first letters, where these mean one month alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.cells.month_names import MONTHS, month_number

NAMES = [(name, number) for number, names in enumerate(MONTHS, 1) for name in names.split()]


@given(st.sampled_from(NAMES), st.sampled_from((str.lower, str.upper, str.title)))
def test_every_whole_name_is_its_month_in_any_case(name: tuple[str, int], written: Callable[[str], str]) -> None:
    assert month_number(written(name[0])) == name[1]


@pytest.mark.parametrize(
    ("name", "number"),
    [("März", 3), ("FÉVRIER", 2), ("août", 8), ("Août", 8), ("déc", 12), ("Sept", 9), ("gennaio", 1), ("Jänner", 1)],
)
def test_accents_do_not_count(name: str, number: int) -> None:
    assert month_number(name) == number


@given(st.sampled_from(NAMES), st.integers(1, 10))
def test_a_name_cut_short_is_its_month_or_nothing(name: tuple[str, int], length: int) -> None:
    short = name[0][:length]
    meant = {number for whole, number in NAMES if whole.startswith(short)}
    assert month_number(short) == (name[1] if len(short) >= 3 and len(meant) == 1 else 0)


@pytest.mark.parametrize(
    "name", ["", "ma", "jui", "xyz", "januaryy", "monday", "jan.", "12", "mar ", "\u0301\u0301\u0301"]
)
def test_what_is_no_month_or_might_be_two_is_none(name: str) -> None:
    assert month_number(name) == 0
