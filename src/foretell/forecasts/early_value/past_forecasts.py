"""Later high-value customers pointed out at one age: each cohort by models that only closed cohorts have taught."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.bootstrap import Figure
from foretell.backtest.panels import value_of
from foretell.examples.assembly import telling
from foretell.examples.examples import Examples
from foretell.forecasts.early_value.metrics import AVERAGE_PRECISION, EarlyPanel, Pointed, judged_early
from foretell.forecasts.early_value.rows import FIRST_DAY, HIGH_VALUE, SPEND, AcquisitionCohort
from foretell.models.baselines.simple_rules import StatusQuo
from foretell.models.blend import Blend
from foretell.models.contract import CannotFit, Contributions, Fitted, Model
from foretell.models.learners.gradient_boosting import GradientBoosting
from foretell.models.learners.logistic import Logistic
from foretell.project.objectives import Target

OURS = "ours"
BASELINES = {
    "first_order_amount": "first_order_value",
    "spend_so_far": "spend_life",
}
"""What is as easily looked up: the feature by which each baseline orders customers."""
TARGET = Target(HIGH_VALUE, "probability", HIGH_VALUE, "all", "in the top tier of the cohort's later spend")
PREFERRED = "logistic_and_status_quo"
MODELS: dict[str, Model] = {
    PREFERRED: Blend({"probability": ((Logistic(), 0.5), (StatusQuo(), 0.5))}),
    "gradient_boosting": GradientBoosting(),
    "blend": Blend({"probability": ((GradientBoosting(), 0.5), (Logistic(), 0.5))}),
}
"""Few customers teach: a linear model held to what was spent so far is the safest; trees where they were ahead."""
AHEAD_BY = 0.02
FEWEST_TAUGHT, FEWEST_POSITIVE, MOST_TAUGHT = 100, 8, 6_000
MOST_TESTS = 5
FEWEST_TO_PICK_BY = 2


@dataclass(frozen=True)
class CohortTrial:
    """One cohort: its rows, what each model said, and the figures by which later cohorts pick one. `fitted` saw the
    features `names` of `taught` customers; `precision` is each model's average precision, NaN without a tier."""

    cohort: AcquisitionCohort
    rows: Examples
    names: tuple[str, ...]
    taught: int
    fitted: Mapping[str, Fitted]
    precision: Mapping[str, float]
    model: str = PREFERRED

    @property
    def score(self) -> np.ndarray:
        """The chance that the picked model gave."""
        return self.fitted[self.model].predict(self.rows.with_features(self.names))

    def contributions(self) -> Contributions:
        """What moved it."""
        return self.fitted[self.model].contributions(self.rows.with_features(self.names))


@dataclass(frozen=True)
class Trial:
    """What the rankings were worth at one age: `figures` by ranking and metric, `ahead` ours less each baseline."""

    tested: tuple[CohortTrial, ...]
    seen: Pointed
    figures: Mapping[str, Mapping[str, Figure]]
    ahead: Mapping[str, Mapping[str, Figure]]


def teaching(
    tested: AcquisitionCohort, cohorts: Sequence[AcquisitionCohort], horizon_days: int
) -> tuple[AcquisitionCohort, ...]:
    """The cohorts that may teach a cohort's forecasts."""
    return tuple(one for one in cohorts if one.closed_before(tested, horizon_days))


def tried(rows: Examples, cohorts: Sequence[AcquisitionCohort], horizon_days: int, seed: int) -> Trial | None:
    """The trial of one age; `rows` are labelled. None where no cohort had enough to be taught by, or a tier."""
    tested: list[CohortTrial] = []
    for cohort in cohorts[1:][-MOST_TESTS:]:
        found = _tested(rows, cohort, teaching(cohort, cohorts, horizon_days), seed)
        if found is not None:
            tested.append(picked(found, tested, horizon_days))
    if not tested or not any(one.rows.labels[HIGH_VALUE].any() for one in tested):
        return None
    seen = Pointed(
        np.concatenate([one.rows.customer_key for one in tested]),
        np.concatenate([np.full(len(one.rows), one.cohort.begin) for one in tested]),
        np.concatenate([one.rows.labels[HIGH_VALUE] for one in tested]),
        np.concatenate([one.rows.labels[SPEND] for one in tested]),
    )
    scores = {OURS: np.concatenate([one.score for one in tested])}
    for name, feature in BASELINES.items():
        scores[name] = np.nan_to_num(np.concatenate([one.rows.feature(feature) for one in tested]))
    figures, apart = judged_early(scores, seen, seed)
    return Trial(tuple(tested), seen, figures, {other: apart[OURS, other] for other in BASELINES})


def best_baseline(figures: Mapping[str, Mapping[str, Figure]]) -> str:
    """The baseline with the highest average precision."""
    return max(BASELINES, key=lambda name: figures[name][AVERAGE_PRECISION].value)


def _tested(
    rows: Examples, cohort: AcquisitionCohort, taught_by: Sequence[AcquisitionCohort], seed: int
) -> CohortTrial | None:
    first_day = rows.facts[FIRST_DAY]
    own = rows.take(cohort.holds(first_day))
    taught = rows.take(np.logical_or.reduce([one.holds(first_day) for one in taught_by] or [np.zeros(len(rows), bool)]))
    if len(taught) > MOST_TAUGHT:
        taught = taught.take(np.sort(np.argsort(taught.customer_key, kind="stable")[:MOST_TAUGHT]))
    if len(taught) < FEWEST_TAUGHT or taught.labels[HIGH_VALUE].sum() < FEWEST_POSITIVE or not len(own):
        return None
    names = _distinct(taught, telling(taught))
    lesson, asked = taught.with_features(names), own.with_features(names)
    fitted: dict[str, Fitted] = {}
    for name, model in MODELS.items():
        try:
            fitted[name] = model.fit(lesson, TARGET, seed)
        except CannotFit:
            continue
    if PREFERRED not in fitted:
        return None
    precision = {name: _precision(one.predict(asked), own) for name, one in fitted.items()}
    return CohortTrial(cohort, own, names, len(taught), fitted, precision)


def _distinct(rows: Examples, names: Sequence[str]) -> tuple[str, ...]:
    """The features that are not another's twin: soon after the first order most windows hold the same."""
    seen: dict[bytes, str] = {}
    features = rows.with_features(names).features
    for place, name in enumerate(names):
        seen.setdefault(np.ascontiguousarray(features[:, place]).tobytes(), name)
    return tuple(seen.values())


def picked(found: CohortTrial, earlier: Sequence[CohortTrial], horizon_days: int) -> CohortTrial:
    """The cohort with the model that did best on cohorts that were closed by then, where some were: the preferred one
    unless another was ahead of it."""
    closed = [one for one in earlier if one.cohort.closed_before(found.cohort, horizon_days)]
    if len(closed) < FEWEST_TO_PICK_BY:
        return found
    means = {name: float(np.mean([one.precision.get(name, np.nan) for one in closed])) for name in found.fitted}
    best = max(means, key=lambda name: means[name] if np.isfinite(means[name]) else -np.inf)
    if not means[best] > means[PREFERRED] + AHEAD_BY:
        return found
    return CohortTrial(**{**vars(found), "model": best})


def _precision(score: np.ndarray, own: Examples) -> float:
    one_cohort = np.zeros(len(own), dtype=np.int64)
    seen = Pointed(own.customer_key, one_cohort, own.labels[HIGH_VALUE], own.labels[SPEND])
    return value_of(EarlyPanel(score, seen), (AVERAGE_PRECISION,))[AVERAGE_PRECISION]
