"""Changes of scores between runs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.alerts.score_changes import parse_change
from foretell.project.errors import InputError

KNOWN = ("p_purchase", "expected_spend", "percentile_spend")
CHANCES = st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=8)


def held(text: str, before: list[float | None], now: list[float | None]) -> list[bool]:
    column = text.split(maxsplit=1)[0]
    old, new = (np.array([np.nan if v is None else v for v in values]) for values in (before, now))
    found: list[bool] = parse_change(text, KNOWN).holds({column: new}, {column: old}).tolist()
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p_purchase fell by 20 points", [True, False, False, False]),
        ("p_purchase rose by 1 point", [False, True, False, False]),
        ("p_purchase changed by 15 points", [True, True, False, False]),
        ("p_purchase fell by 25 %", [True, False, False, False]),
        ("p_purchase fell by 0.2", [True, False, False, False]),
    ],
)
def test_a_change_holds_of_those_who_moved_so_far(text: str, expected: list[bool]) -> None:
    assert held(text, [0.8, 0.5, 0.5, None], [0.6, 0.7, 0.5, 0.1]) == expected


def test_points_of_a_percentile_are_its_own() -> None:
    assert held("percentile_spend fell by 20 points", [90, 50], [70, 49]) == [True, False]


def test_from_nothing_there_is_no_relative_change() -> None:
    assert held("expected_spend rose by 30 %", [0, 10], [10, 13]) == [False, True]


@given(CHANCES, st.data(), st.integers(1, 100))
def test_a_fall_is_a_rise_the_other_way(before: list[float | None], data: st.DataObject, size: int) -> None:
    now = data.draw(st.lists(st.none() | st.floats(0, 1), min_size=len(before), max_size=len(before)))
    fell = held(f"p_purchase fell by {size} points", before, now)
    rose = held(f"p_purchase rose by {size} points", now, before)
    either = held(f"p_purchase changed by {size} points", before, now)
    assert fell == rose
    back = held(f"p_purchase rose by {size} points", before, now)
    assert either == [a or b for a, b in zip(fell, back, strict=True)]
    assert not any(f and (b is None or n is None) for f, b, n in zip(either, before, now, strict=True))


@pytest.mark.parametrize(
    "text",
    ["", "p_purchase fell", "p_purchase fell by 0 points", "p_purchase fell by -3", "segment fell by 3", "fell by 3 %",
     "p_purchase fell by 3 points and more", "p_purchase fell by 1e3"],
)  # fmt: skip
def test_what_is_no_change_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_change(text, KNOWN)
