"""What is decided, given effects and proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from foretell.uplift.decision import ArmEffect, arm_effects, decided
from foretell.uplift.learners import TLearner
from foretell.uplift.proof import UpliftProof
from foretell.uplift.stack import fitted_uplift
from foretell.uplift.trial import Trial, Worth, shuffled

Drawn = Callable[..., Trial]


def arms(*profits: float, positives: int = 500, cost: float = 0.1, error: float = 1.0) -> tuple[ArmEffect, ...]:
    half = 1.645 * error
    control = ArmEffect("none", 1000, positives, 0.0, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    others = [
        ArmEffect(f"a{i}", 1000, positives, cost, 0.1, p, p - half, p + half, p, p - half, p + half)
        for i, p in enumerate(profits)
    ]
    return (control, *others)


def proof(p_value: float, ahead: float = 0.0) -> UpliftProof:
    return UpliftProof((), 0.0, p_value, 100, ahead, 1.0)


@pytest.mark.parametrize(
    ("effects", "p_value", "decision", "action"),
    [
        (arms(0.0), 0.01, "target", None),
        (arms(5.0), 0.2, "treat all", 1),
        (arms(3.0, 5.0), 0.2, "treat all", 2),
        (arms(-5.0), 0.2, "treat none", 0),
        (arms(-5.0, -0.5), 0.2, "no evidence that targeting pays", 0),
        (arms(0.1), 0.2, "no evidence that targeting pays", 1),
        (arms(0.1, 0.2), 0.2, "no evidence that targeting pays", 2),
        (arms(0.0), 0.2, "no evidence that targeting pays", 0),
        (arms(-0.1, cost=0.0), 0.2, "no evidence that targeting pays", 0),
        (arms(5.0, positives=49), 0.01, "treat all", 1),
        (arms(0.1, positives=49), 0.01, "no evidence that targeting pays", 1),
    ],
)
def test_decisions(effects: Sequence[ArmEffect], p_value: float, decision: str, action: int | None) -> None:
    found = decided(tuple(effects), proof(p_value))
    assert (found.decision, found.action) == (decision, action)
    assert found.why


@pytest.mark.parametrize(
    ("ahead", "decision", "action"),
    [(2.0, "target", None), (-0.6, "target", None), (-0.7, "treat all", 1), (-2.0, "treat all", 1)],
)
def test_effects_that_differ_are_not_acted_on_where_one_action_for_all_is_likely_to_earn_more(
    ahead: float, decision: str, action: int | None
) -> None:
    found = decided(arms(5.0, 4.0), proof(0.001, ahead))
    assert (found.decision, found.action) == (decision, action)
    assert ("less than one action for all" in found.why) == (action is not None)


def test_effects_of_arms_are_near_differences_of_means(drawn: Drawn) -> None:
    trial = drawn(1200, 0.2, 0.2, arms=3)
    trial = trial.take(shuffled(trial, 0))
    worth = Worth(10.0, np.array([0.0, 0.5, 1.0]))
    found = arm_effects(trial, fitted_uplift(trial, worth, 0, (TLearner(),)), worth)
    means = [trial.outcome[trial.arm == a].mean() for a in range(3)]
    for a, one in enumerate(found):
        assert one.effect == pytest.approx(means[a] - means[0], abs=0.05)
        assert one.profit == pytest.approx(10 * one.effect - worth.cost[a])
        assert one.rows == (trial.arm == a).sum()
        assert one.positives == trial.outcome[trial.arm == a].sum()
        if a:
            assert one.low < 0.2 < one.high
