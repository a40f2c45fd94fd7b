"""Coming totals: what all customers of today together are expected to bring, with an interval that past totals told."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.forecast import Forecast
from foretell.backtest.proof import Proof
from foretell.examples.plan import Plan
from foretell.models.level import OF_A_TEST

HIGH = 0.9
USUAL_DEVIATION = 0.10
SEASON_UNSEEN = 0.15
USUAL_TESTS = 3.0
USUAL_SCATTER = 3.0
SMALLEST = 1e-9
FURTHEST = 5.0


@dataclass(frozen=True)
class Coming:
    """A total of the horizon with its 80 % interval, in orders or currency; `tests` are the past totals behind it."""

    total: float
    low: float
    high: float
    tests: int


def coming_total(predicted: np.ndarray, target: str, proof: Proof, plan: Plan) -> Coming:
    """The sum of forecasts, float64 [customers], of the model that serves a target."""
    served = proof.serving(target)
    tests = [one for one in proof.forecasts if (one.objective, one.model) == (target, served)]
    tested_days = plan.proving.horizon_days if plan.proving else plan.horizon_days
    further = plan.horizon_days / tested_days if tests else 1.0
    return coming(predicted, tests, plan.season_seen(plan.horizon_days), further)


def coming(predicted: np.ndarray, tests: Sequence[Forecast], season_seen: bool, further: float = 1.0) -> Coming:
    """The total around which past totals lay as they did: their logarithms missed by a deviation that is

        deviation^2 = (3 (usual^2 + chance^2) + 2/3 sum of misses^2) / (3 + 2/3 tests)

    with the usual deviation of a level (wider where no whole year was seen), the chance of customers, who scatter as
    they did in the tests, and a test counted for two thirds, since windows overlap; it grows with the root of how much
    `further` than the tests the forecast reaches. Student's t for so few tests makes the interval.
    """
    total = float(predicted.sum())
    if total <= SMALLEST:
        return Coming(total, 0.0, total, len(tests))
    misses = [math.log(max(one.actual.sum(), 0.5) / max(one.predicted.sum(), SMALLEST)) for one in tests]
    squares = sum(float(np.square(one.predicted).sum()) for one in tests)
    errors = sum(float(np.square(one.actual - one.predicted).sum()) for one in tests)
    scatter = errors / squares if squares > 0 else USUAL_SCATTER
    chance = scatter * float(np.square(predicted).sum()) / total**2
    usual = (USUAL_DEVIATION if season_seen else SEASON_UNSEEN) ** 2
    weight = USUAL_TESTS + OF_A_TEST * len(misses)
    variance = (USUAL_TESTS * (usual + chance) + OF_A_TEST * sum(miss**2 for miss in misses)) / weight
    from scipy.stats import t  # noqa: PLC0415 (most answers are read without it)

    reach = min(float(t.ppf(HIGH, weight)) * math.sqrt(variance * max(further, 1.0)), FURTHEST)
    return Coming(total, total * math.exp(-reach), total * math.exp(reach), len(tests))
