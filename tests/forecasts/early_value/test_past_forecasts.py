"""Which model orders a cohort is told by cohorts that were closed by then, and by nothing else."""

from __future__ import annotations

import numpy as np

from foretell.examples.examples import Examples
from foretell.forecasts.early_value.past_forecasts import AHEAD_BY, PREFERRED, CohortTrial, picked, teaching, tried
from foretell.forecasts.early_value.rows import AcquisitionCohort
from foretell.models.baselines.simple_rules import ConstantForecast

NOBODY = Examples(30, np.zeros(0, np.uint64), np.zeros(0, np.int64), (), np.zeros((0, 0)), {}, {}, {})
FITTED = {name: ConstantForecast("probability", 0.0) for name in (PREFERRED, "blend")}


def cohort_trial(begin: int, end: int, preferred: float = 0.2, blend: float = 0.2) -> CohortTrial:
    """A cohort on which the two did so well."""
    precision = {PREFERRED: preferred, "blend": blend}
    return CohortTrial(AcquisitionCohort(begin, end), NOBODY, (), 100, FITTED, precision)


def test_another_is_picked_where_it_was_ahead_on_closed_cohorts() -> None:
    asked = cohort_trial(100, 120)
    ahead = [cohort_trial(0, 20, blend=0.3), cohort_trial(20, 40, blend=0.3)]
    assert picked(asked, ahead, 30).model == "blend"
    hardly = [cohort_trial(0, 20, blend=0.2 + AHEAD_BY / 2), cohort_trial(20, 40, blend=0.2 + AHEAD_BY / 2)]
    assert picked(asked, hardly, 30).model == PREFERRED
    assert picked(asked, ahead[:1], 30).model == PREFERRED


def test_what_was_not_closed_yet_picks_nobody() -> None:
    asked = cohort_trial(100, 120)
    closed = [cohort_trial(0, 20), cohort_trial(20, 40)]
    running = [cohort_trial(60, 80, blend=0.9), cohort_trial(80, 100, blend=0.9)]
    assert picked(asked, [*closed, *running], 30).model == PREFERRED
    assert picked(asked, [*closed, *running], 1).model == "blend"


def test_a_cohort_without_a_tier_picks_nobody() -> None:
    unknown = [cohort_trial(0, 20, np.nan, np.nan), cohort_trial(20, 40, np.nan, np.nan)]
    assert picked(cohort_trial(100, 120), unknown, 30).model == PREFERRED


def test_teachers_end_a_horizon_before() -> None:
    cohorts = [AcquisitionCohort(begin, begin + 20) for begin in (0, 20, 40, 60)]
    assert teaching(cohorts[3], cohorts, 20) == tuple(cohorts[:2])
    assert teaching(cohorts[3], cohorts, 41) == tuple(cohorts[:1])
    assert teaching(cohorts[0], cohorts, 1) == ()


def test_without_enough_to_learn_from_there_is_no_trial() -> None:
    rows = Examples(
        30, np.arange(8, dtype=np.uint64), np.full(8, 1), ("spend_life", "first_order_value"), np.ones((8, 2)),
        {"first_day": np.arange(8.0)}, {"spend": np.ones(8), "high_value": np.eye(8)[0]}, {},
    )  # fmt: skip
    assert tried(rows, [AcquisitionCohort(0, 4), AcquisitionCohort(4, 8)], 1, 0) is None
    assert tried(rows, [], 1, 0) is None
