"""A step of a run."""

from __future__ import annotations

from foretell.pipeline.step import Step
from foretell.pipeline.steps import STEPS


def test_a_step_is_called_as_what_it_makes_and_makes_nothing_twice() -> None:
    names = [step.name for step in STEPS]
    assert names == [step.artefact.name for step in STEPS]
    assert len(set(names)) == len(names)
    assert all(isinstance(step, Step) for step in STEPS)
