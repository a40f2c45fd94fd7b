"""Engagement: the segment as the rules tell it, worked out customer by customer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.segments.engagement import Engagement
from foretell.segments.standing import Standing

SIGNS = st.integers(0, 12) | st.integers(0, 60)
EXPECTED = [
    (2, 6, "Engaged"),
    (2, 0, "Awakened"),
    (1, 0, "Awakened"),
    (0, 6, "Cooling"),
    (1, 6, "Seldom"),
    (1, 7, "Cooling"),
    (9, 60, "Cooling"),
    (10, 60, "Engaged"),
    (0, 5, "Seldom"),
    (0, 0, "Silent"),
    (math.nan, math.nan, "Not known yet"),
]


def assigned(lately: list[float], before: list[float]) -> list[str]:
    """The segments of customers by their signs."""
    facts = {"signs_lately": np.array(lately, dtype=float), "signs_before": np.array(before, dtype=float)}
    standing = Standing(0, 0, 365.0, np.arange(len(lately), dtype=np.uint64), facts)
    return [Engagement.segments[code] for code in Engagement().assign(standing, Engagement().fit(standing))]


@pytest.mark.parametrize(("lately", "before", "expected"), EXPECTED)
def test_the_segment_by_both_stretches(lately: float, before: float, expected: str) -> None:
    assert assigned([lately], [before]) == [expected]


def plain(lately: int, before: int) -> str:
    """The rules, one after the other."""
    if before >= 6 and 6 * lately < before:
        return "Cooling"
    if not before and lately:
        return "Awakened"
    if lately >= 2:
        return "Engaged"
    return "Seldom" if lately + before else "Silent"


@given(st.lists(st.tuples(SIGNS, SIGNS), min_size=1, max_size=40))
def test_nobody_is_where_the_rules_do_not_say(people: list[tuple[int, int]]) -> None:
    lately, before = ([float(one[place]) for one in people] for place in (0, 1))
    assert assigned(lately, before) == [plain(*one) for one in people]
