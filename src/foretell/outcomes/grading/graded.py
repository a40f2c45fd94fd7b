"""Grading: a published forecast held against what happened, by the measures of the backtest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from foretell.backtest.forecast import ALL, Forecast
from foretell.backtest.grade import grade
from foretell.backtest.judge import judge
from foretell.examples.labels import top_tier
from foretell.examples.slices import NEW_DAYS
from foretell.outcomes.grading.grade import HITS, STAYED, Figure, Grade, Lead, Total
from foretell.outcomes.grading.landed import Landed
from foretell.outcomes.grading.promise import TOP_TENTH, Deciles, Promise, everybody_of
from foretell.outcomes.grading.published_forecast import OF_BASELINES, PublishedForecast
from foretell.outcomes.grading.realised import Realised
from foretell.project.objectives import TARGETS, Kind
from foretell.words.metrics import GOES_WHERE

SEED = 0
DRAWS = 100
SMALLEST_SEGMENT = 30
"""Segments with fewer customers are not graded apart: chance alone would speak."""
ASKED: tuple[tuple[str, str, str], ...] = (
    ("purchase", "p_purchase", "ordered"),
    ("orders", "expected_orders", "orders"),
    ("spend", "expected_spend", "spend"),
    ("high_value", "p_high_value", "high_value"),
    ("becomes_high_value", "p_becomes_high_value", "high_value"),
    ("decline", "p_decline", "declined"),
)
"""The questions: objective, column of the forecast, outcome."""
TOTALS = (
    ("buyers", "p_purchase", "ordered"),
    ("orders", "expected_orders", "orders"),
    ("spend", "expected_spend", "spend"),
)


def graded(forecast: PublishedForecast, happened: Realised, known_until: str, landing: Landed | None = None) -> Grade:
    """The grade of a forecast by what happened; nothing of it is forecast again. `known_until` names a day; `landing`
    says where customers are at the end of the window (None: not known)."""
    known, outcome = happened.of_keys(forecast.keys)
    asked = list(_asked(forecast, known, outcome))
    measured = [row for row in judge(asked, SEED, DRAWS, forecast.timezone) if row.value is not None]
    deciles = tuple(Deciles.of(one.objective, one.predicted, one.actual) for one in asked if one.kind == "probability")
    figures = [
        _beside(
            Figure(row.objective, row.slice, row.metric, row.value, row.low, row.high, row.n),
            forecast.promise,
        )
        for row in measured
        if row.value is not None
    ]
    return Grade(
        customers=int(known.sum()),
        left_out=int((~known).sum()),
        orders=int(outcome["orders"].sum()),
        fingerprint=outcome.fingerprint,
        known_until=known_until,
        figures=(
            *figures,
            *(_of_the_top(one, forecast.promise) for one in deciles),
            *(_moves(forecast, known, landing) if landing else ()),
        ),
        deciles=deciles,
        totals=tuple(_totals(forecast, known, outcome)),
        promised_deciles=forecast.promise.deciles,
        promise_missing=forecast.promise.missing,
        currency=forecast.currency,
        leads=tuple(_leads(forecast, known, asked)),
    )


def _asked(forecast: PublishedForecast, known: np.ndarray, outcome: Realised) -> Iterator[Forecast]:
    """Each question with the customers of whom it was asked, beside what happened to them."""
    tier = top_tier(outcome["spend"], outcome.customer_key).astype(np.float64)
    happened = {**outcome.values, "high_value": tier}
    kinds = _kinds(forecast, known)
    for objective, column, label in ASKED:
        predicted, actual = forecast.column(column)[known], happened[label]
        rows = np.isfinite(predicted) & np.isfinite(actual)
        kind = TARGETS[objective].kind
        if rows.any():
            yield _forecast(forecast, known, (objective, kind), rows, (predicted, actual), kinds)
        if objective == "purchase" and (leaving := rows & kinds["active"]).any():
            told = (1 - predicted, 1 - actual)
            yield _forecast(forecast, known, ("churn", kind), leaving, told, kinds)


def _forecast(
    forecast: PublishedForecast,
    known: np.ndarray,
    question: tuple[str, Kind],
    rows: np.ndarray,
    told: tuple[np.ndarray, np.ndarray],
    kinds: dict[str, np.ndarray],
) -> Forecast:
    objective, kind = question
    spread = ("median_spend", "expected_spend_low", "expected_spend_high") if kind == "amount" else ()
    median, low, high = [forecast.column(name)[known][rows] for name in spread] or (None, None, None)
    slices = {name: mask[rows] for name, mask in kinds.items() if not (objective == "churn" and name == ALL)}
    return Forecast(
        objective,
        kind,
        forecast.horizon_days,
        forecast.as_of,
        forecast.model_id,
        forecast.keys[known][rows],
        told[0][rows],
        told[1][rows],
        slices,
        forecast.thresholds.get(objective),
        median,
        low,
        high,
    )


def _leads(forecast: PublishedForecast, known: np.ndarray, asked: Sequence[Forecast]) -> Iterator[Lead]:
    """What the models added to the baselines that were kept beside, by question."""
    column = {objective: column for objective, column, _ in ASKED}
    for ours in (one for one in asked if column.get(one.objective) in OF_BASELINES and forecast.baselines):
        told = forecast.column(OF_BASELINES[column[ours.objective]])[known]
        name = forecast.baselines.get(ours.objective, "")
        if not name or len(told) != len(ours.predicted) or not np.isfinite(told).all():
            continue
        theirs = replace(ours, model=name, predicted=told, threshold=None, median=None, low=None, high=None)
        own = replace(ours, threshold=None, median=None, low=None, high=None)
        found = grade([own, theirs], own.model, [name], seed=SEED, replicates=DRAWS)
        if found.skill is not None and found.skill_low is not None and found.skill_high is not None:
            promised = forecast.promise.leads.get(ours.objective, (None, None))
            yield Lead(ours.objective, name, found.skill, found.skill_low, found.skill_high, *promised)


def _kinds(forecast: PublishedForecast, known: np.ndarray) -> dict[str, np.ndarray]:
    """Masks of the graded customers by kind: everybody, the active, by age, and each segment that is large enough."""
    table = forecast.customers
    new = table["age_days"].to_numpy()[known] <= NEW_DAYS
    kinds = {ALL: np.ones(len(new), dtype=bool), "active": table["active"].to_numpy()[known]}
    kinds |= {"new customers": new, "older customers": ~new}
    segment = np.array(table["segment"].to_pylist(), dtype=object)[known]
    for name in sorted({one for one in segment if one is not None}):
        inside = segment == name
        if inside.sum() >= SMALLEST_SEGMENT:
            kinds[f"segment: {name}"] = inside
    return kinds


def _of_the_top(deciles: Deciles, promise: Promise) -> Figure:
    slice_name = everybody_of(deciles.objective)
    told = (deciles.actual[-1], deciles.low[-1], deciles.high[-1], deciles.customers[-1])
    return _beside(Figure(deciles.objective, slice_name, TOP_TENTH, *told), promise)


def _moves(forecast: PublishedForecast, known: np.ndarray, landing: Landed) -> Iterator[Figure]:
    """How many are in the segment that was called the likeliest, and how many in the one that they were in before."""
    objective = f"{GOES_WHERE}{forecast.segment_set}"
    came = landing.of_keys(forecast.keys[known])
    for metric, column in ((HITS, "next_segment"), (STAYED, "segment")):
        told = [one for one, is_known in zip(forecast.customers[column].to_pylist(), known, strict=True) if is_known]
        pairs = [one == other for one, other in zip(told, came, strict=True) if None not in (one, other)]
        if pairs:
            yield Figure(objective, ALL, metric, float(np.mean(pairs)), None, None, len(pairs))


def _beside(figure: Figure, promise: Promise) -> Figure:
    found = promise.of(figure.objective, figure.slice, figure.metric)
    if found is None:
        return figure
    return replace(figure, promised=found.value, promised_low=found.low, promised_high=found.high)


def _totals(forecast: PublishedForecast, known: np.ndarray, outcome: Realised) -> Iterator[Total]:
    for name, inside in _kinds(forecast, known).items():
        for what, column, label in TOTALS:
            told = forecast.column(column)[known][inside]
            yield Total(what, name, int(inside.sum()), float(np.nansum(told)), float(outcome[label][inside].sum()))
