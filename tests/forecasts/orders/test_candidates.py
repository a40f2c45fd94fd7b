"""Candidates: every question compares learners with baselines, simplest first, and nothing that cannot answer it."""

from __future__ import annotations

import pytest

from foretell.forecasts.orders.candidates import (
    BASELINES,
    FOR_PURCHASE_ONLY,
    MOST_COMPLEX,
    SELDOM_SERVE,
    SLOW,
    candidates,
)
from foretell.models.registry import MODELS
from foretell.project.objectives import TARGETS, Target


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_each_can_answer_and_stands_once(target: Target) -> None:
    found = candidates(target)
    assert len(set(found)) == len(found)
    assert all(target.kind in MODELS[name].kinds for name in found)
    assert set(found) & set(BASELINES)
    assert set(found) - set(BASELINES)
    assert found[-1] == "blend"
    assert set(SLOW).isdisjoint(found)


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_the_most_complex_come_last(target: Target) -> None:
    complex_ones = [name in MOST_COMPLEX for name in candidates(target)]
    assert complex_ones == sorted(complex_ones)
    own = [name for name in candidates(target) if name in MOST_COMPLEX]
    assert own == [name for name in MOST_COMPLEX if name in own]


def test_costly_learners_are_tried_on_who_orders_alone() -> None:
    asked = {name: set(candidates(target)) & set(FOR_PURCHASE_ONLY) for name, target in TARGETS.items()}
    assert asked.pop("purchase") == set(FOR_PURCHASE_ONLY)
    assert not any(asked.values())


def test_names_are_those_of_models() -> None:
    assert {*SLOW, *FOR_PURCHASE_ONLY, *SELDOM_SERVE, *MOST_COMPLEX} <= set(MODELS)
    assert set(SELDOM_SERVE).isdisjoint(BASELINES)
    assert [name for name, model in MODELS.items() if model.is_baseline] == list(BASELINES)
