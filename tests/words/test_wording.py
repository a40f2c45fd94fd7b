"""Words for numbers: never a wrong certainty, never a stray sign, and no one else's control characters."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.models.registry import MODELS
from foretell.words import wording
from foretell.words.wording import happened_since

any_number = st.floats(-1e15, 1e15) | st.sampled_from([float("nan"), float("inf"), float("-inf"), None])


@given(any_number)
def test_what_is_no_number_is_a_dash_and_nothing_else_is(value: float | None) -> None:
    writers = (wording.count, wording.amount, wording.percent, wording.signed_percent, wording.decimal, wording.days)
    for write in writers:
        text = write(value)
        assert (text == wording.UNKNOWN) == (not wording.known(value))
        assert not re.search(r"nan|inf|none", text, re.IGNORECASE)


@given(st.floats(0, 1))
def test_only_the_certain_is_written_as_certain(chance: float) -> None:
    text = wording.percent(chance)
    assert (text == "0\xa0%") == (chance == 0)
    assert (text == "100\xa0%") == (chance == 1)


@given(st.floats(-1e12, 1e12))
def test_a_zero_has_no_sign(value: float) -> None:
    for text in (wording.count(value), wording.amount(value), wording.decimal(value), wording.signed_percent(value)):
        assert not re.fullmatch(r"[-−+][0.,\s\xa0%]*", text)


@given(st.text())
def test_other_peoples_text_is_one_printable_line(text: str) -> None:
    shown = wording.shown(text)
    assert len(shown) <= wording.LONGEST_TEXT
    assert len(shown.splitlines()) <= 1
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", shown)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=80))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert wording.shown(text) == text


@pytest.mark.parametrize("name", MODELS)
def test_every_model_has_a_name_that_people_say(name: str) -> None:
    assert "_" not in wording.model_name(name)


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
