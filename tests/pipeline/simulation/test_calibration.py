"""Calibration pooled over weeks, beside the same rows taken together by hand."""

from __future__ import annotations

import numpy as np
import pytest

from foretell.answers.outcomes import Outcome
from foretell.outcomes.grading.grade import Grade, Total
from foretell.outcomes.grading.promise import Deciles
from foretell.pipeline.simulation.calibration import Sum, calibration_of, pooled


def drawn(seed: int, count: int) -> tuple[Outcome, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    chance = np.sort(random.random(count))
    came = (random.random(count) < chance / 2).astype(float)
    totals = (Total("buyers", "all", count, float(chance.sum()), float(came.sum())),
              Total("buyers", "segment: Loyal", count, 5.0, 5.0))  # fmt: skip
    grade = Grade(count, 0, 0, "", "2024-02-01", (), (Deciles.of("purchase", chance, came),), totals)
    return Outcome(f"run {seed}", "2024-01-01", 30, grade=grade), chance, came


def test_tenths_of_all_weeks_are_those_of_their_rows() -> None:
    (one, chance, came), (other, chances, come) = drawn(1, 40), drawn(2, 60)
    waiting = Outcome("run 3", "2024-01-08", 30, ripe_from="2024-02-08")
    found = calibration_of([one, waiting, other])
    assert found.graded == 2
    assert [tenth.forecasts for tenth in found.tenths] == [10] * 10
    for place, tenth in enumerate(found.tenths):
        own = np.concatenate([chance[4 * place : 4 * place + 4], chances[6 * place : 6 * place + 6]])
        happened = np.concatenate([came[4 * place : 4 * place + 4], come[6 * place : 6 * place + 6]])
        assert tenth.promised == pytest.approx(own.mean())
        assert tenth.came == pytest.approx(happened.mean())
    (buyers,) = found.sums
    assert buyers.promised == pytest.approx(chance.sum() + chances.sum())
    assert buyers == Sum("buyers", buyers.promised, came.sum() + come.sum())
    assert pooled([calibration_of([one]), calibration_of([other])]).tenths == found.tenths
    apart = [abs(tenth.promised - tenth.came) for tenth in found.tenths]
    assert found.error == pytest.approx(np.mean(apart))


def test_without_grades_nothing_is_told() -> None:
    found = calibration_of([Outcome("run 3", "2024-01-08", 30, ripe_from="2024-02-08")])
    assert (found.graded, found.tenths, found.sums, found.error) == (0, (), (), None)
