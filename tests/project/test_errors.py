"""An error tells what is wrong, where, and what to do, in lines that any terminal can show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.project.errors import ForetellError, InputError, ShortHistory


def test_a_full_error_tells_its_parts_in_the_order_of_reading() -> None:
    error = InputError(
        "The date cannot be read.", "orders.csv", 7, "sold_at", found="soon", expected="a day", hint="--as-of"
    )
    assert str(error).splitlines() == [
        "The date cannot be read.",
        "  where: orders.csv, line 7, column sold_at",
        "  found: soon",
        "  expected: a day",
        "  hint: --as-of",
    ]


def test_parts_that_are_not_known_are_left_out() -> None:
    assert str(InputError("The file is empty.")) == "The file is empty."
    assert InputError("No.", line=0).details() == {"where": "line 0"}
    assert InputError("No.", found="", column="a").details() == {"where": "column a"}


@given(st.text(max_size=700))
def test_a_detail_is_one_printable_line_of_at_most_three_hundred_characters(found: str) -> None:
    told = InputError("No.", found=found).details().get("found", "")
    assert told.isprintable()
    assert len(told) <= 300
    assert bool(told) == bool(found)
    if found.isprintable() and len(found) <= 300:
        assert told == found


def test_a_line_break_is_told_and_not_made() -> None:
    assert InputError("No.", found="a\nb\x00").details()["found"] == "a\\nb\\x00"
    assert InputError("No.", found="x" * 301).details()["found"] == "x" * 299 + "…"


@pytest.mark.parametrize("kind", [InputError, ShortHistory])
def test_whoever_catches_bad_values_or_errors_of_foretell_catches_it(kind: type[InputError]) -> None:
    with pytest.raises(ForetellError, match=r"Too short\."):
        raise kind("Too short.")
    with pytest.raises(ValueError, match=r"Too short\."):
        raise kind("Too short.")
