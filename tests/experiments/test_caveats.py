"""What stands against believing a comparison."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.experiments.caveats import about_buyers, about_incomplete, about_ratio, holm, p_in_words, with_several
from foretell.experiments.comparison import Comparison
from foretell.experiments.sample_ratio import sample_ratio


def test_a_stopped_claim_says_what_was_meant() -> None:
    (told,) = about_ratio(sample_ratio({"none": 5_000, "mail": 4_600}, {"none": 0.5, "mail": 0.5}))
    assert "the claim is stopped" in told
    assert "5,000 none and 4,600 mail, where 50 % none and 50 % mail were meant (p < .001)" in told
    assert "--shares" in about_ratio(sample_ratio({"none": 5_200, "mail": 4_800}))[0]
    assert "not checked" in about_ratio(sample_ratio({"none": 500, "mail": 4_500}))[0]
    assert about_ratio(sample_ratio({"none": 500, "mail": 500})) == []


def test_fifty_buyers_are_enough() -> None:
    assert about_buyers(50, 50, "spend") == []
    assert "49 in the control, 80 here" in about_buyers(49, 80, "spend")[0]


def test_units_without_an_outcome_are_told_and_compared() -> None:
    sizes = {"none": 1_000, "mail": 1_000}
    assert about_incomplete({"none": 0, "mail": 0}, sizes) == []
    assert about_incomplete({"none": 50, "mail": 52}, sizes) == [
        "left out, as the outcome is empty or no number: 50 in none and 52 in mail"
    ]
    assert "more often in one arm" in about_incomplete({"none": 20, "mail": 90}, sizes)[1]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_rejects_step_by_step(p_values: list[float]) -> None:
    """The step-down rule itself: the smallest at alpha / m, the next at alpha / (m - 1), until one fails."""
    adjusted = holm(np.array(p_values))
    for alpha in (0.01, 0.05, 0.3):
        rejected = set[int]()
        for step, at in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
            if p_values[at] * (len(p_values) - step) > alpha:
                break
            rejected.add(at)
        assert {at for at, p in enumerate(adjusted) if p <= alpha} == rejected


def test_each_of_several_comparisons_is_told_of_the_others() -> None:
    one = Comparison("spend", "a", 9, 9, 9, 9, "by hand", (), p_value=0.03)
    none = Comparison("spend", "c", 9, 1, 9, 0, "by hand", ())
    found = with_several([one, one, none])
    assert [len(each.warnings) for each in found] == [1, 1, 0]
    assert "p = .060" in found[0].warnings[0]
    assert with_several([one, none]) == [one, none]


@pytest.mark.parametrize(("p", "words"), [(None, "p unknown"), (0.25, "p = .250"), (1.0, "p = 1.000"), (0, "p < .001")])
def test_p_values_in_words(p: float | None, words: str) -> None:
    assert p_in_words(p) == words
