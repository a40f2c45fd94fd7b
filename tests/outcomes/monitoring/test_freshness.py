"""Freshness of a source by its own pauses."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.outcomes.monitoring.cells import Cells
from foretell.outcomes.monitoring.freshness import FEWEST_GAPS, freshness, goes_on_to


def facts(days: list[int]) -> Cells:
    return Cells.of("rows", np.array(days), np.ones(len(days)))


@settings(max_examples=50)
@given(st.lists(st.integers(1, 9), min_size=FEWEST_GAPS, max_size=40), st.integers(1, 40))
def test_it_is_broken_after_twice_its_longest_pause(gaps: list[int], since: int) -> None:
    days = np.cumsum([0, *gaps]).tolist()
    found = freshness("visits", facts(days), days[-1] + since)
    assert (found.days, found.longest) == (since, max(gaps))
    assert found.is_broken == (since > 2 * max(gaps))


def test_few_pauses_are_said_and_not_judged() -> None:
    found = freshness("visits", facts(list(range(FEWEST_GAPS))), 500)
    assert found.cannot == "19 pauses between its facts are known, 20 are needed"
    assert not found.is_broken
    assert freshness("visits", facts([9]), 9).cannot == "there are no facts yet"


def test_pauses_of_another_year_do_not_count() -> None:
    found = freshness("visits", facts([0, 90, *range(400, 500)]), 504)
    assert found.longest == 1
    assert found.is_broken


def test_a_single_fact_of_later_is_not_how_far_a_log_goes_on() -> None:
    assert goes_on_to(facts([*range(100), 130, 140])) == 100
    assert goes_on_to(facts([0, 9, 18])) == 0
    assert goes_on_to(facts([0, 1, 2, 4, 6])) == 7


def test_memoryless_pauses_seldom_raise_a_false_alarm() -> None:
    random = np.random.default_rng(2)
    alarms = 0
    for _ in range(400):
        gaps = random.geometric(1 / 6, 41)
        days = np.cumsum([0, *gaps]).tolist()
        alarms += freshness("visits", facts(days[:-1]), days[-1]).is_broken
    assert alarms <= 6
