"""Age-aligned rows: every new customer seen so many days after the first order, and what was spent from then."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.examples.assembly import facts, is_code, words_in
from foretell.examples.examples import Examples, stacked
from foretell.examples.labels import own_labels, top_tier
from foretell.features import feature_matrix, features_of
from foretell.forecasts.early_value.own_clock import LONG_AGO, Newcomers, age_aligned, as_it_was, newcomers
from foretell.project.intervals import MICROSECONDS_PER_DAY, days
from foretell.project.local_time import local_days, local_microseconds
from foretell.timelines.as_of import Population
from foretell.timelines.batch import Timelines
from foretell.timelines.objections import may_be_profiled
from foretell.timelines.survey import Survey

AGES_DAYS = (1, 7, 30)
FIRST_DAY, HIGH_VALUE, SPEND = "first_day", "high_value", "spend"


def early_features(tables: Collection[str]) -> tuple[str, ...]:
    """The features of new customers, in a log that holds these tables beside orders: none of them compares years."""
    return tuple(name for name in features_of(tables) if "same_season" not in name)


EARLY_FEATURES = early_features(())


@dataclass(frozen=True)
class EarlyAssembly:
    """Features, facts and the later spend of customers who are new, at some ages.

    A customer is new whose first order became known on the local day `new_from` (days since 1970-01-01) or later, with
    no refund known before. Features and facts are those of the customer's own day: what ended later, a cancelled order
    for one, still stood. The label `spend` is what was spent in `[age, age + horizon)`, as is known today; whether it
    is ripe, `last_ripe_day` says.
    """

    ages_days: tuple[int, ...]
    horizon_days: int
    new_from: int
    feature_names: tuple[str, ...] = EARLY_FEATURES

    def __call__(self, batch: Timelines) -> Examples:
        """Rows by age, then by customer key; `cutoff` is the age in microseconds, the fact `first_day` the local day of
        the first order."""
        new = newcomers(batch, self.new_from)
        today = age_aligned(batch, new)
        return stacked([self._at(as_it_was(batch, new, age) or today, today, new, age) for age in self.ages_days])

    def _at(self, then: Timelines, today: Timelines, new: Newcomers, age_days: int) -> Examples:
        view = then.views([days(age_days)], _everybody_is_new)[0]
        features = feature_matrix(view, self.feature_names)
        codes = features[:, np.array([is_code(name) for name in self.feature_names], dtype=bool)]
        examples = Examples(
            self.horizon_days,
            then.customer_key,
            np.full(view.customers, view.cutoff),
            self.feature_names,
            features,
            {**facts(view, self.horizon_days, then.timezone), FIRST_DAY: new.first_day.astype(np.float64)},
            {SPEND: own_labels(today, view.cutoff, self.horizon_days)[SPEND]},
            {"all": np.ones(view.customers, dtype=bool)},
            words_in(codes, then),
        )
        return examples.take(may_be_profiled(view))


@dataclass(frozen=True)
class AcquisitionCohort:
    """Customers whose first order came on the local days `[begin, end)`, days since 1970-01-01."""

    begin: int
    end: int

    def holds(self, first_day: np.ndarray) -> np.ndarray:
        """bool: who belongs to it."""
        return np.asarray((first_day >= self.begin) & (first_day < self.end))

    def closed_before(self, other: AcquisitionCohort, horizon_days: int) -> bool:
        """Whether the window of its last customer had ended when the first customer of another was looked at, both at
        one age: what may teach the other's forecasts."""
        return self.end - 1 + horizon_days <= other.begin

    def __str__(self) -> str:
        return f"{np.datetime64(self.begin, 'D')} to {np.datetime64(self.end - 1, 'D')}"


def new_from_day(survey: Survey, as_of: int) -> int | None:
    """The local day from which a first order in the log is a first order: the 95th percentile gap after the log's
    start; None where nobody has ordered twice yet."""
    gap = survey.population(as_of).gap_days_p95
    if math.isnan(gap):
        return None
    begin = survey.log_start + days(gap)
    day = int(local_days(np.array([begin]), survey.timezone)[0])
    is_midnight = int(local_microseconds(np.array([begin]), survey.timezone)[0]) % MICROSECONDS_PER_DAY == 0
    return day if is_midnight else day + 1


def last_ripe_day(as_of_day: int, ages_days: Sequence[int], horizon_days: int) -> int:
    """The last first order whose window had ended at the as-of day at each of the ages, as a local day.

    >>> last_ripe_day(100, (1, 7), 30)
    63
    """
    return as_of_day - max(ages_days) - horizon_days


def acquisition_cohorts(first_day: np.ndarray, most: int, fewest_customers: int) -> tuple[AcquisitionCohort, ...]:
    """Stretches of days, oldest first, that hold about equally many customers: as many as have `fewest_customers` each
    on average, at most `most`; none for fewer customers. A day is in one cohort only.

    >>> [str(one) for one in acquisition_cohorts(np.array([0, 0, 1, 2, 2, 3]), most=4, fewest_customers=3)]
    ['1970-01-01 to 1970-01-02', '1970-01-03 to 1970-01-04']
    """
    day, count = np.sort(first_day).astype(np.int64), min(most, len(first_day) // fewest_customers)
    if not count:
        return ()
    edges = np.unique([day[len(day) * place // count] for place in range(count)])
    return tuple(
        AcquisitionCohort(int(begin), int(end)) for begin, end in zip(edges, [*edges[1:], day[-1] + 1], strict=True)
    )


def in_top_tiers(examples: Examples, cohorts: Sequence[AcquisitionCohort]) -> tuple[Examples, dict[int, float]]:
    """The rows of one age that belong to a cohort, labelled `high_value`: in the top tenth of their cohort's later
    spend; and the cut of each cohort, by its begin: the least that its top tier spent (NaN where nobody spent)."""
    first_day = examples.facts[FIRST_DAY]
    high_value, cuts = np.full(len(examples), np.nan), {}
    for cohort in cohorts:
        rows = np.flatnonzero(cohort.holds(first_day))
        spend = examples.labels[SPEND][rows]
        tier = top_tier(spend, examples.customer_key[rows])
        high_value[rows] = tier
        cuts[cohort.begin] = float(spend[tier].min()) if tier.any() else float("nan")
    known = replace(examples, labels={**examples.labels, HIGH_VALUE: high_value})
    return known.take(np.isfinite(high_value)), cuts


def _everybody_is_new(cutoff: int) -> Population:
    return Population(LONG_AGO, 0.0, float("nan"))
