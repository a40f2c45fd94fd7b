"""Counting for monitoring: what is kept of a day, and of the weeks before it where nothing is kept of them yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from foretell.answers.published import PublishedRun
from foretell.examples.assembly import Assembly
from foretell.features import features_of
from foretell.outcomes.kpis.standing import EPOCH
from foretell.outcomes.monitoring.book import Counts, MonitoringBook
from foretell.outcomes.monitoring.cells import Counted
from foretell.outcomes.monitoring.populations import SCORES, Population, counted_at, edges_at, watched_features
from foretell.outcomes.monitoring.sources import lags_of, week_of
from foretell.outcomes.monitoring.weeks import WEEK
from foretell.pipeline.facts import feature_code
from foretell.project.intervals import midnight
from foretell.project.progress import Progress
from foretell.scores.customers import prior_of
from foretell.scores.scoring import Scoring
from foretell.timelines.engine import Engine

WEEKS_BACK = 24
LEAST_DAYS_BEFORE = 56
"""Weeks of a log younger than that are not counted: all of its customers are new."""
OF_SOURCES = "sources"


def day_number(day: str) -> int:
    """Days since 1970-01-01."""
    return (date.fromisoformat(day) - EPOCH).days


def source_counts(counted: Counted, day: str, kept: Mapping[str, Mapping[str, Sequence[int]]]) -> Counts:
    """The week of each table up to a day, and up to each week before it of which nothing is kept."""
    lags = lags_of(counted, day_number(day))
    known = {one for days in kept.values() for one in days}
    days = [day, *(one for one in _weeks_before(day) if one not in known)]
    weeks = {one: week_of(counted, day_number(one), lags) for one in days}
    return {one: {OF_SOURCES: {series.name: counts for series, counts in week.items()}} for one, week in weeks.items()}


@dataclass(frozen=True)
class Versions:
    """What features and scores of a run are counted under: a change of their code, or of the models, begins anew."""

    features: str
    scores: str

    @classmethod
    def of(cls, run: PublishedRun) -> Versions:
        """Those of a run."""
        code = feature_code()
        return cls(f"features {code}", f"scores {code} {run.main.models.model_id}")

    def of_series(self, name: str) -> str:
        """The version of a feature or score."""
        return self.scores if name in SCORES else self.features


def population_counts(run: PublishedRun, engine: Engine, book: MonitoringBook, progress: Progress) -> Counts:
    """Customers by bin of each feature and score that models of a run read, on its day and in each week before it of
    which nothing is kept in this version."""
    plan, serving, day = run.main.plan, run.main.models, run.main.plan.as_of_day()
    names = watched_features(serving.feature_names or features_of(engine.tables))
    assembly = Assembly((plan.as_of,), plan.horizon_days, features_of(engine.tables), plan.survey, labelled=False)
    scoring = Scoring(assembly, serving, prior_of(plan)) if {"purchase", "spend"} <= set(serving.models) else None
    population, versions = Population(assembly, scoring, names), Versions.of(run)
    kept = {version: book.sketches(version, day) for version in (versions.features, versions.scores)}
    known = [{one for days in own.values() for one in days} for own in kept.values()]
    first = plan.survey.log_start
    days = [day]
    for before in _weeks_before(day):
        old_enough = _moment(before, plan.timezone) >= first + LEAST_DAYS_BEFORE * 86_400_000_000
        if old_enough and not all(before in own for own in known):
            days.append(before)
    progress.step("Counting customers of past weeks", 2)
    edges = {**book.edges(versions.features), **book.edges(versions.scores)}
    if missing := [name for name in (*names, *(SCORES if scoring else ())) if name not in edges]:
        fresh = edges_at(engine, population, plan.as_of, plan.proving_key)
        for version in (versions.features, versions.scores):
            own = {name: fresh[name] for name in missing if name in fresh and versions.of_series(name) == version}
            book.keep_edges(version, own)
            edges |= own
    progress.advance()
    moments = [_moment(one, plan.timezone) for one in days]
    found: dict[str, dict[str, dict[str, Sequence[int]]]] = {}
    for one, counts in zip(days, counted_at(engine, population, moments, edges, plan.proving_key), strict=True):
        found[one] = {versions.features: {}, versions.scores: {}}
        for name, bins in counts.items():
            found[one][versions.of_series(name)][name] = bins.tolist()
    progress.advance()
    return found


def both(one: Counts, other: Counts) -> Counts:
    """Two sets of counts as one."""
    return {day: {**one.get(day, {}), **other.get(day, {})} for day in {**one, **other}}


def _weeks_before(day: str) -> list[str]:
    last = date.fromisoformat(day)
    return [(last - number * WEEK).isoformat() for number in range(1, WEEKS_BACK + 1)]


def _moment(day: str, timezone: str) -> int:
    return midnight(date.fromisoformat(day), timezone)
