"""Effects are guesses until they are measured, and say so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.drawn_from.playbooks_made import made_playbook
from foretell.actions.planning.effect import guessed, measured


def test_a_guess_is_what_was_asked_then_what_is_declared_then_the_template() -> None:
    declared = made_playbook(effect="3 %")
    assert guessed(declared, 0.07).added == 0.07
    assert guessed(declared).added == 0.03
    assert guessed(made_playbook(template="nurture")).added == 0.005
    assert {one.source for one in (guessed(declared, 0.07), guessed(declared))} == {"guess"}


def test_a_guess_reaches_from_nothing_to_twice_itself() -> None:
    found = guessed(made_playbook(effect=0.02))
    assert (found.low, found.high) == (0.0, 0.04)
    assert str(found) == "2.0 points (0.0 to 4.0)"


def test_one_campaign_is_taken_as_it_was_read_out() -> None:
    found = measured([(-0.01, -0.03, 0.01, 5_000)])
    assert found is not None
    assert (found.added, found.low, found.high) == pytest.approx((-0.01, -0.03, 0.01))
    assert (found.source, found.customers) == ("experiment", 5_000)


@given(st.lists(st.tuples(st.floats(-0.1, 0.1), st.floats(0.001, 0.1)), min_size=2, max_size=6))
def test_several_are_surer_together_and_lie_between(found: list[tuple[float, float]]) -> None:
    told = measured([(effect, effect - half, effect + half, 100) for effect, half in found])
    assert told is not None
    assert told.high - told.low <= 2 * min(half for _, half in found) + 1e-12
    assert min(effect for effect, _ in found) - 1e-12 <= told.added <= max(effect for effect, _ in found) + 1e-12
    assert told.why == f"measured on {100 * len(found)} customers of {len(found)} campaigns of its own"


def test_what_says_nothing_is_no_measurement() -> None:
    assert measured([]) is None
    assert measured([(0.0, 0.0, 0.0, 10)]) is None
