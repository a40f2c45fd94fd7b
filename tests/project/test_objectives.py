"""Every built-in question is asked, and what was declared of one goes with it and no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.project.declaration import ObjectivePart
from foretell.project.objectives import TARGETS, TOLD_OTHERWISE, Objective, objectives_of


@given(st.integers(1, 400))
def test_without_a_declaration_every_target_is_asked_once_and_unexplained(horizon_days: int) -> None:
    asked = objectives_of((), horizon_days)
    assert asked == tuple(Objective(target, horizon_days) for target in TARGETS.values())
    assert not any(one.is_explained for one in asked)


@pytest.mark.parametrize(("name", "target"), [*TOLD_OTHERWISE.items(), ("decline", "decline"), ("spend", "spend")])
def test_a_declared_reason_goes_with_its_question_alone(name: str, target: str) -> None:
    part = ObjectivePart.model_validate({"name": name, "decision": "who is written to", "owner": "Ann", "target": "5%"})
    explained = [one for one in objectives_of([part], 30) if one.is_explained]
    assert [(one.target.name, one.decision, one.owner, one.aim) for one in explained] == [
        (target, "who is written to", "Ann", "5%")
    ]


def test_a_name_without_words_explains_nothing() -> None:
    assert not any(one.is_explained for one in objectives_of([ObjectivePart(name="churn")], 30))


def test_a_target_is_answered_by_its_own_model_or_by_one_of_the_same_label() -> None:
    for name, target in TARGETS.items():
        other = TARGETS[target.model_of]
        assert target.name == name
        assert (other.label, other.kind, other.told_by) == (target.label, target.kind, "")
    assert TARGETS["becomes_high_value"].model_of == "high_value"
    assert TARGETS["purchase"].model_of == "purchase"
