"""Gathering: the evidence of a run, from its examples, its proof, its models and its scores."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from scipy.stats import rankdata

from foretell.backtest.forecast import Forecast
from foretell.backtest.proof import Proof
from foretell.examples.examples import Examples
from foretell.examples.plan import Plan
from foretell.examples.planned import PlannedExamples
from foretell.forecasts.orders.candidates import BASELINES
from foretell.forecasts.orders.serving import Serving
from foretell.health.evidence import Evidence, ScoredPopulation, Share, Total
from foretell.health.weeks import weeks_of
from foretell.models.level import SEASONAL
from foretell.models.levelled import takes_season
from foretell.project.intervals import day_of
from foretell.timelines.engine import Engine

MOST_ROWS = 20_000
EXPLAINED_ROWS = 1_000
FEWEST_OF_A_KIND = 50
IN_WORDS = {"age_days": "age", "days_since_last": "recency", "lifetime_orders": "frequency"}


def evidence_of(
    engine: Engine, plan: Plan, examples: PlannedExamples, proof: Proof, serving: Serving, customers: pa.Table
) -> Evidence:
    """What the checks read of a run."""
    proving, teaching = examples.proving, examples.serving
    spend = np.nan_to_num(customers["spend_365d"].to_numpy())
    newest = max((forecast.cutoff for forecast in proof.forecasts), default=None)
    taught = teaching.take(np.isin(teaching.cutoff, plan.serving.training)) if teaching and plan.serving else None
    return Evidence(
        plan.horizon_days,
        plan.history_days(plan.as_of),
        weeks_of(engine, plan.as_of, plan.as_of_day(), plan.proving_key),
        _share(plan, proving, proof, newest),
        _totals(plan, proof, newest),
        _fewest(plan, proof),
        spend,
        str(customers["customer_id"][int(np.argmax(spend))].as_py()) if len(spend) else "",
        _populations(plan, proving, taught, customers, newest),
        auroc_alone(taught) if taught else {},
        _importance(taught, serving) if taught else {},
        serving.season,
        any(takes_season(serving.models[target]) for target in SEASONAL if target in serving.models),
    )


def auroc_alone(taught: Examples) -> dict[str, float]:
    """The AUROC of each feature alone for who orders, on the newest rows that taught; a null counts as the lowest
    value. Nothing where fewer than fifty ordered, or fewer than fifty did not."""
    rows = np.flatnonzero((taught.cutoff == taught.cutoff.max()) & np.isfinite(taught.labels["ordered"]))[:MOST_ROWS]
    ordered = taught.labels["ordered"][rows] > 0
    positives, negatives = int(ordered.sum()), int((~ordered).sum())
    if min(positives, negatives) < FEWEST_OF_A_KIND:
        return {}
    ranks = rankdata(np.nan_to_num(taught.features[rows], nan=-np.inf), axis=0)
    above = ranks[ordered].sum(axis=0) - positives * (positives + 1) / 2
    return dict(zip(taught.feature_names, (above / (positives * negatives)).tolist(), strict=True))


def _importance(taught: Examples, serving: Serving) -> dict[str, float]:
    """Share of each feature in what moves the chances of an order; nothing where a baseline serves."""
    fitted = serving.models.get("purchase")
    if fitted is None or serving.names["purchase"] in BASELINES:
        return {}
    newest = np.flatnonzero(taught.cutoff == taught.cutoff.max())[:EXPLAINED_ROWS]
    told = fitted.contributions(taught.take(newest).with_features(serving.feature_names))
    moved = np.abs(told.values - told.values.mean(axis=0)).mean(axis=0)
    total = float(moved.sum())
    shares = dict(zip(told.names, (moved / total).tolist(), strict=True)) if total > 0 else {}
    return {name: share for name, share in shares.items() if name in serving.feature_names}


def _share(plan: Plan, proving: Examples | None, proof: Proof, newest: int | None) -> Share | None:
    served = next((f for f in _served(proof) if (f.objective, f.cutoff) == ("purchase", newest)), None)
    if proving is None or plan.proving is None or served is None:
        return None
    ordered = proving.labels["ordered"]
    taught = tuple(float(np.nanmean(ordered[proving.cutoff == c])) for c in plan.proving.teaching(served.cutoff))
    day = day_of(served.cutoff, plan.timezone)
    return Share(taught, float(served.actual.mean()), float(served.predicted.mean()), len(served.actual), day)


def _totals(plan: Plan, proof: Proof, newest: int | None) -> tuple[Total, ...]:
    totals = []
    for served in (f for f in _served(proof) if f.objective in ("spend", "orders") and f.cutoff == newest):
        day = day_of(served.cutoff, plan.timezone)
        row = next(
            (
                row
                for row in proof.measured
                if (row.objective, row.model, row.cutoff, row.slice, row.metric)
                == (served.objective, served.model, day, "all", "relative_bias")
            ),
            None,
        )
        if row is not None and row.low is not None and row.high is not None:
            told, came = float(served.predicted.sum()), float(served.actual.sum())
            totals.append(Total(served.objective, told, came, row.low, row.high, day))
    return tuple(totals)


def _fewest(plan: Plan, proof: Proof) -> dict[str, tuple[int, str]]:
    fewest: dict[str, tuple[int, str]] = {}
    for served in (f for f in _served(proof) if f.kind == "probability"):
        found = (int((served.actual > 0).sum()), day_of(served.cutoff, plan.timezone))
        fewest[served.objective] = min(fewest.get(served.objective, found), found)
    return fewest


def _populations(
    plan: Plan, proving: Examples | None, taught: Examples | None, customers: pa.Table, newest: int | None
) -> Mapping[str, ScoredPopulation]:
    if proving is None or taught is None or plan.proving is None or newest is None:
        return {}
    before = proving.take(np.isin(proving.cutoff, plan.proving.teaching(newest)))
    tested = proving.take(proving.cutoff == newest)
    return {
        words: ScoredPopulation(
            _known(_fact(taught, name)),
            _known(customers[name].to_numpy()),
            _known(_fact(before, name)),
            _known(_fact(tested, name)),
        )
        for name, words in IN_WORDS.items()
    }


def _fact(examples: Examples, name: str) -> np.ndarray:
    return examples.facts[name] if name in examples.facts else examples.feature(name)


def _known(values: np.ndarray) -> np.ndarray:
    return np.asarray(values[np.isfinite(values)], dtype=np.float64)


def _served(proof: Proof) -> list[Forecast]:
    return [forecast for forecast in proof.forecasts if forecast.model == proof.serving(forecast.objective)]
