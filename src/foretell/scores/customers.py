"""Everybody scored: the forecasts of all customers on a day, with the facts behind them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from foretell.examples.assembly import Assembly
from foretell.examples.plan import Plan
from foretell.features import features_of
from foretell.forecasts.lifetime_value.lifetime_value import ValueTerms
from foretell.forecasts.orders.serving import Serving, at_another_season
from foretell.forecasts.season.season import SeasonShift
from foretell.project.progress import Progress
from foretell.scores.reasons import in_words
from foretell.scores.scoring import Scoring
from foretell.scores.table import scores_table, whole_table
from foretell.storage.artefacts import Artefact
from foretell.timelines.engine import Engine


@dataclass(frozen=True)
class ScoredCustomers:
    """Every customer with an order, a row each in the order of their keys; `season` is what the level holds of the
    season of that day, `prior` what is forecast where nothing could be learned."""

    table: pa.Table
    season: SeasonShift
    prior: Mapping[str, float]


@dataclass(frozen=True)
class ScoredBy:
    """The models that serve, and the baselines whose forecasts stand beside theirs; None: nobody's do."""

    serving: Serving
    baselines: Serving | None = None


@dataclass(frozen=True)
class MoneyTerms:
    """The currency of sentences, margin and discount rate of lifetime value, and whether ids that look like integers
    are to be integers."""

    currency: str
    margin: float
    discount_rate: float
    ids_may_be_integers: bool


CUSTOMERS: Artefact[ScoredCustomers] = Artefact("customers", ScoredCustomers, version=3)
SCORES: Artefact[pa.Table] = Artefact("scores", pa.Table, version=2)


def scored(
    engine: Engine, plan: Plan, by: ScoredBy, season: SeasonShift, money: MoneyTerms, progress: Progress
) -> ScoredCustomers:
    """Every customer with an order, scored by the models that serve, with the season of the day in their level."""
    progress.step("Scoring every customer", len(engine.buckets))
    prior = prior_of(plan)
    assembly = Assembly((plan.as_of,), plan.horizon_days, features_of(engine.tables), plan.survey, labelled=False)
    beside = None
    if by.baselines is not None and "purchase" in by.baselines.models:
        beside = Scoring(assembly, at_another_season(by.baselines, season), prior)
    terms = ValueTerms(money.margin, money.discount_rate)
    scoring = Scoring(assembly, at_another_season(by.serving, season), prior, terms, beside)
    parts = list(engine.over(scoring, plan.as_of, progress=progress))
    return ScoredCustomers(whole_table(parts, money.ids_may_be_integers), season, prior)


def prior_of(plan: Plan) -> dict[str, float]:
    """Forecasts for a log from which nothing can be learned: the share of customers who came back so far, one
    customer of each kind added, as a chance for the horizon."""
    survey = plan.survey
    repeats = min(int(survey.gaps.counts.sum()), survey.customers)
    chance = (repeats + 1) / (survey.customers + 2)
    return {"purchase": chance, "orders": -math.log1p(-chance), "high_value": 0.1}


def scores_of(
    customers: pa.Table,
    movement: pa.Table,
    coming: Mapping[str, pa.ChunkedArray],
    plan: Plan,
    model_id: str,
    currency: str,
) -> pa.Table:
    """The scores in their declared columns, with the reasons in words."""
    more = {**columns_in(movement), **coming, "reasons": in_words(customers["reasons"], currency)}
    return scores_table(customers, more, plan.as_of, plan.horizon_days, model_id)


def columns_in(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    """The columns of a table by name."""
    return {name: table[name] for name in table.column_names}
