"""Future high-value customers, proved by age: who was pointed at 1, 7 and 30 days after the first order, and what of
the later top tier that was.

Only cohorts whose whole window had ended are looked at; the tier is a tenth of each cohort, its cut fixed; every
forecast was taught by cohorts that were closed when it would have been made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.bootstrap import Figure
from foretell.customer_log.tables.contacts import CONTACTS
from foretell.customer_log.tables.events import EVENTS
from foretell.examples.examples import Examples, stacked
from foretell.examples.grid import SHORTER_HORIZONS
from foretell.examples.plan import Plan
from foretell.forecasts.early_value.indicators import EarlyIndicator, indicators
from foretell.forecasts.early_value.metrics import AVERAGE_PRECISION, EARLY_METRICS
from foretell.forecasts.early_value.own_clock import FirstDays
from foretell.forecasts.early_value.past_forecasts import BASELINES, FEWEST_TAUGHT, OURS, best_baseline, teaching, tried
from foretell.forecasts.early_value.rows import (
    AGES_DAYS,
    AcquisitionCohort,
    EarlyAssembly,
    acquisition_cohorts,
    early_features,
    in_top_tiers,
    last_ripe_day,
    new_from_day,
)
from foretell.project.intervals import days
from foretell.project.local_time import local_days
from foretell.project.progress import Progress, Silent
from foretell.storage.artefacts import Artefact
from foretell.timelines.engine import Engine
from foretell.words.wording import counted, joined
from foretell.words.wording import days as days_in_words

MOST_COHORTS = 8
FEWEST_IN_A_COHORT = 50
SHORTEST_HORIZON_DAYS = 7
INTERACTIVE = (EVENTS.name, CONTACTS.name)
"""The tables of interactions with the shop and its marketing."""


@dataclass(frozen=True)
class CohortCut:
    """A cohort that was tested: its days, its customers, and the least that its top tier spent; None without a tier."""

    name: str
    customers: int
    cut: float | None


@dataclass(frozen=True)
class Ranked:
    """What a way of ordering new customers was worth; see `backtest.early` for the metrics."""

    name: str
    average_precision: Figure
    lift_at_10_percent: Figure
    revenue_caught: Figure


@dataclass(frozen=True)
class AtAge:
    """The proof at one age, over all cohorts tested.

    `rankings` are ours, then the baselines; `ahead` is ours less each baseline, by the same names. `base_rate` is the
    share of the tier: the average precision of chance. `model` orders the newest cohort; `taught` customers had taught
    it. `served_by` is `ours` or the baseline that does better.
    """

    age_days: int
    cohorts: tuple[CohortCut, ...]
    customers: int
    in_tier: int
    base_rate: float
    taught: int
    model: str
    rankings: tuple[Ranked, ...]
    ahead: tuple[Ranked, ...]
    served_by: str
    indicators: tuple[EarlyIndicator, ...]

    def ranked(self, name: str) -> Ranked:
        """A ranking by its name."""
        return next(one for one in self.rankings if one.name == name)


@dataclass(frozen=True)
class EarlyValue:
    """`ages` that could be proved, youngest first, over `horizon_days` from the age; `asked_days` is the run's horizon.

    `new_from` is the first day (ISO) from which a first order in the log is taken for one, empty where none is.
    `cannot` says in a sentence why nothing, or an age, was not proved; empty where all was. `missing_tables` are those
    of interactions that the log has not.
    """

    horizon_days: int
    asked_days: int
    new_from: str
    newcomers: int
    ages: tuple[AtAge, ...]
    cannot: str
    missing_tables: tuple[str, ...] = INTERACTIVE


EARLY_VALUE: Artefact[EarlyValue] = Artefact("early_value", EarlyValue, version=2)


def early_value_of(
    engine: Engine, plan: Plan, seed: int, progress: Progress | None = None, new_from: int | None = None
) -> EarlyValue:
    """Look at every new customer at each age, forecast as on that day, and judge by what was spent from then on.

    `new_from` is the local day (days since 1970-01-01) from which first orders count as such, where that is known;
    by the log's own gaps otherwise.
    """
    listener = progress or Silent()
    listener.step("Proving who becomes valuable, by age", len(AGES_DAYS))
    known_from = new_from_day(plan.survey, plan.as_of) if new_from is None else new_from
    if known_from is None:
        return EarlyValue(plan.horizon_days, plan.horizon_days, "", 0, (), "Nobody has ordered twice yet.")
    told_from = str(np.datetime64(known_from, "D"))
    parts = list(engine.over(FirstDays(known_from), plan.as_of, plan.proving_key))
    first_day = np.concatenate([np.empty(0, np.int64), *parts])
    found = _provable(first_day, plan)
    if found is None:
        why = _why_not(len(first_day), told_from, plan)
        return EarlyValue(plan.horizon_days, plan.horizon_days, told_from, len(first_day), (), why)
    ages, horizon, cohorts = found
    assembly = EarlyAssembly(ages, horizon, known_from, early_features(engine.tables))
    rows = stacked(list(engine.over(assembly, plan.as_of, plan.proving_key)))
    proved = []
    for age in ages:
        proved.append(_at_age(rows, age, cohorts, horizon, seed))
        listener.advance()
    missing = tuple(table for table in INTERACTIVE if table not in engine.tables)
    told = tuple(one for one in proved if one is not None)
    left = [age for age in AGES_DAYS if age not in {one.age_days for one in told}]
    why = f"Too few new customers had been watched long enough to prove the age of {_ages(left)}." if left else ""
    return EarlyValue(horizon, plan.horizon_days, told_from, len(first_day), told, why, missing)


def _provable(first_day: np.ndarray, plan: Plan) -> tuple[tuple[int, ...], int, tuple[AcquisitionCohort, ...]] | None:
    """The ages, the horizon and the cohorts for which somebody can teach and somebody be tested: all ages over the
    longest of the horizon's parts, else fewer ages. One set of cohorts for all ages, so that ages can be compared."""
    as_of_day = int(local_days(np.array([plan.as_of]), plan.timezone)[0])
    parts = [max(SHORTEST_HORIZON_DAYS, plan.horizon_days // part) for part in SHORTER_HORIZONS]
    for ages in (AGES_DAYS[:count] for count in range(len(AGES_DAYS), 0, -1)):
        for horizon in dict.fromkeys(min(part, plan.horizon_days) for part in parts):
            ripe = first_day[first_day <= last_ripe_day(as_of_day, ages, horizon)]
            cohorts = acquisition_cohorts(ripe, MOST_COHORTS, FEWEST_IN_A_COHORT)
            for one in cohorts:
                taught = sum(int(earlier.holds(ripe).sum()) for earlier in teaching(one, cohorts, horizon))
                if taught >= FEWEST_TAUGHT:
                    return ages, horizon, cohorts
    return None


def _at_age(
    rows: Examples, age: int, cohorts: Sequence[AcquisitionCohort], horizon_days: int, seed: int
) -> AtAge | None:
    own, cuts = in_top_tiers(rows.take(rows.cutoff == days(age)), cohorts)
    trial = tried(own, cohorts, horizon_days, seed)
    if trial is None:
        return None
    newest = trial.tested[-1]
    tested = tuple(CohortCut(str(one.cohort), len(one.rows), _known(cuts[one.cohort.begin])) for one in trial.tested)
    baseline = best_baseline(trial.figures)
    ours, theirs = (trial.figures[name][AVERAGE_PRECISION].value for name in (OURS, baseline))
    return AtAge(
        age,
        tested,
        len(trial.seen.in_tier),
        int(trial.seen.in_tier.sum()),
        float(trial.seen.in_tier.mean()),
        newest.taught,
        newest.model,
        tuple(_ranked(name, trial.figures[name]) for name in (OURS, *BASELINES)),
        tuple(_ranked(name, trial.ahead[name]) for name in BASELINES),
        OURS if ours > theirs else baseline,
        indicators(own, newest, age),
    )


def _ranked(name: str, figures: Mapping[str, Figure]) -> Ranked:
    return Ranked(name, *(figures[metric] for metric in EARLY_METRICS))


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _why_not(newcomers: int, new_from: str, plan: Plan) -> str:
    if not newcomers:
        return (
            f"Nobody is surely new: a first order counts as one from {new_from} on, since 19 of 20 repeat orders come "
            f"within the time from the log's begin to that day, and nobody's first order came later."
        )
    return (
        f"{counted(newcomers, 'new customer')} since {new_from} are too few, or came too late: one lot must have been "
        f"watched over the horizon of {days_in_words(plan.horizon_days)}, or a sixth of it, before the next one came."
    )


def _ages(ages: Sequence[int]) -> str:
    return joined([days_in_words(age) for age in ages])
