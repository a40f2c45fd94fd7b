"""A change is told in whole points that add up, whatever the parts."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.answers.score_change import CustomerChange, Moved
from foretell.answers.score_change_words import change_lines
from foretell.models.links import from_link
from foretell.scores.score_change import score_change

CHANCE = Moved(0.62, 0.35, {"time": -0.314, "behaviour": 0.022, "model": 0.022}, {})
SPEND = Moved(120.0, 80.0, {"time": -45.0, "behaviour": 5.0, "model": 0.0}, {})


def told(chance: Moved, spend: Moved = SPEND, note: str = "") -> list[str]:
    moved = {"p_purchase": chance, "expected_spend": spend}
    return change_lines(CustomerChange("2011-08-01", False, moved, "1 order since", "new model", note), "GBP")


def test_a_change_is_told_part_by_part() -> None:
    assert told(CHANCE) == [
        "since 2011-08-01: P(order) 62 % -> 35 %: silence -31 points, behaviour +2 (1 order since), new model +2",
        "  expected spend 120.00 -> 80.00 GBP: silence -45.00, behaviour +5.00 (1 order since)",
    ]


def test_where_it_cannot_be_told_the_change_stands_alone() -> None:
    lines = told(Moved(0.62, 0.35, {}, {}), Moved(20_000.0, 10.0, {}, {}), "the models are gone")
    assert lines == [
        "since 2011-08-01: P(order) 62 % -> 35 %",
        "  expected spend 20,000 -> 10 GBP",
        "  what moved them cannot be told: the models are gone (1 order since)",
    ]


LINK = st.floats(-9, 9)


@given(st.lists(LINK, min_size=6, max_size=6))
def test_the_points_that_are_told_add_up(links: list[float]) -> None:
    old, new = from_link(np.array(links), "probability").reshape(2, 3, 1)
    change = score_change(lambda place: old[place], lambda place: new[place], (0, 1, 2), "probability")
    before, after = (float(one[0]) for one in change.forecasts)
    parts = {name: float(values[0]) for name, values in change.shared().items()}
    line = told(Moved(before, after, parts, {}))[0].replace("(1 order since)", "")
    first, last = (float(figure) for figure in re.findall(r"([\d.]+) %", line))
    points = [float(figure) for figure in re.findall(r" ([+-][\d.]+)", line)]
    if any(parts.values()):
        assert sum(points) == pytest.approx(last - first, abs=1e-9)
