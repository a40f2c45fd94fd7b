"""Effects are guesses until they are measured, and say so."""

from __future__ import annotations

import pytest

from actions.playbooks_made import made_playbook
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


def test_a_measured_effect_lies_within_its_interval() -> None:
    assert measured(-0.01, -0.03, 0.01, 5_000).source == "experiment"
    with pytest.raises(ValueError, match="not between"):
        measured(0.05, -0.03, 0.01, 5_000)
