"""What several models share is learned once, and a refusal is not tried again."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from foretell.examples.examples import Examples
from foretell.models.baselines.rfm_cells import FittedCells, RfmCells
from foretell.models.contract import CannotFit
from foretell.models.fitted_once import FittedOnce
from foretell.models.learners.gradient_boosting import GradientBoosting
from foretell.project.objectives import TARGETS, Target


class Counting(RfmCells):
    """RFM cells that say how often they were asked to learn."""

    asked: ClassVar[list[tuple[str, int]]] = []

    def fit(self, examples: Examples, target: Target, seed: int) -> FittedCells:
        self.asked.append((target.name, seed))
        return super().fit(examples, target, seed)


@pytest.fixture
def counting() -> Counting:
    Counting.asked.clear()
    return Counting()


def test_each_target_is_learned_once_with_the_seed(examples: Examples, counting: Counting) -> None:
    once = FittedOnce(examples, 7)
    first = once.fit(counting, TARGETS["purchase"])
    assert once.fit(counting, TARGETS["purchase"]) is first
    assert once.fit(counting, TARGETS["orders"]) is not first
    assert counting.asked == [("purchase", 7), ("orders", 7)]


def test_a_refusal_is_kept_with_its_reason(examples: Examples, counting: Counting) -> None:
    once = FittedOnce(examples.take(np.arange(0)), 7)
    for _ in range(2):
        with pytest.raises(CannotFit, match="no eligible customer has a known outcome yet"):
            once.fit(counting, TARGETS["purchase"])
    assert len(counting.asked) == 1


def test_what_is_shared_changes_no_forecast(examples: Examples) -> None:
    once = FittedOnce(examples, 7)
    for target in (TARGETS["purchase"], TARGETS["orders"]):
        shared = once.fit(GradientBoosting(), target).predict(examples)
        assert shared.tobytes() == GradientBoosting().fit(examples, target, 7).predict(examples).tobytes()
    assert len(once.prepared) == 1
