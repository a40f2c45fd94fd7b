"""Forecasts of the next order at past cutoffs, beside those of three baselines, and what each was worth.

Rows have a metric, a model, and a day (that of the cutoff; empty for the mean over the cutoffs at which the model was
tried, which alone has a 90 % interval, drawn over customers). Metrics: `log_score` and `integrated_brier` (lower is
better), `concordance`; `coverage_50` and `coverage_80` of the intervals that are served, given a return;
`central_coverage_50` and `_80` of all that may happen, "never" included; `silence_predicted` and `silence_seen`, the
share without an order while watched, and `silence_calibration_error`; `error_of_returners_days`, which is over
returners only and decides nothing: there a curve forecasts its median given a return while watched, since nobody else
is looked at. `log_score` of `rhythm_hazard - bg_nbd` is the paired difference. `rhythm_hazard_through_p_purchase` is
the curve as it is served, bent through the chance of an order that was forecast on that day, at the cutoffs that have
one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.bootstrap import CustomerWeights, interval
from foretell.examples.examples import Examples, stacked
from foretell.examples.plan import Plan
from foretell.forecasts.next_order.baselines import days_by_own_gap, fit_gaps_by_order_count
from foretell.forecasts.next_order.curve import ReturnCurve, knots_with
from foretell.forecasts.next_order.metrics import (
    WaitForecast,
    censored_pit,
    central_coverage,
    concordance,
    error_of_returners,
    integrated_brier_of_rows,
    log_score_of_rows,
    return_coverage,
    silence_calibration_error,
    silence_predicted,
    silence_seen,
)
from foretell.forecasts.next_order.model import BASELINE, OURS, FittedNextOrder
from foretell.forecasts.next_order.rows import CAME_BACK, WAIT_DAYS, WaitAssembly
from foretell.project.intervals import day_of
from foretell.timelines.engine import Engine

THROUGH = f"{OURS}_through_p_purchase"
GAPS, OWN_GAP = "gaps_by_order_count", "own_median_gap"
GRID = 50
DRAWS = 60
LEVELS = (0.5, 0.8)


@dataclass(frozen=True)
class NextOrderTrial:
    """One past cutoff: what was fitted on that day, the landmarks that taught it, the customers of that day with what
    then came, and the chance of an order within `horizon_days` that was forecast on that day (float64 [rows], NaN
    without one; None where nothing was forecast)."""

    fitted: FittedNextOrder
    landmarks: Examples | None
    seen: Examples
    p_purchase: np.ndarray | None = None
    horizon_days: int = 0


@dataclass(frozen=True)
class NextOrderMeasure:
    """What a model was worth by one metric; None where it has no value, or no interval."""

    metric: str
    model: str
    day: str
    value: float | None
    low: float | None = None
    high: float | None = None


def waits_at(engine: Engine, plan: Plan, cutoffs: Sequence[int], until: int, largest_key: int) -> Examples | None:
    """Examples at the cutoffs with their waits as known at `until`; None where nobody had ordered."""
    assembly = WaitAssembly(tuple(cutoffs), until, plan.horizon_days, plan.survey)
    parts = [part for part in engine.over(assembly, until, largest_key) if len(part)]
    return stacked(parts) if parts else None


def judged(trials: Sequence[NextOrderTrial], seed: int, timezone: str) -> list[NextOrderMeasure]:
    """Every row of every trial, then the means over cutoffs; nothing without a trial."""
    if not trials:
        return []
    forecasts = [forecasts_of(trial) for trial in trials]
    weights = CustomerWeights.drawn([each[0].customer_key for each in forecasts], seed, DRAWS)
    rows: list[NextOrderMeasure] = []
    models = dict.fromkeys(one.model for each in forecasts for one in each)
    for model in models:
        own = [one for each in forecasts for one in each if one.model == model]
        for metric, measure in MEASURES.items():
            values = [measure(one, seed) for one in own]
            for one, value in zip(own, values, strict=True):
                rows.append(NextOrderMeasure(metric, model, day_of(one.cutoff, timezone), _known(value)))
            drawn = _drawn(metric, own, weights, seed) if model in (OURS, THROUGH, BASELINE) else None
            rows.append(_mean(metric, model, values, drawn))
    return rows + _difference(forecasts, weights, OURS, BASELINE) + _difference(forecasts, weights, THROUGH, OURS)


def forecasts_of(trial: NextOrderTrial) -> list[WaitForecast]:
    """The forecasts of one cutoff by every model, beside what was seen."""
    fitted, landmarks, seen = trial.fitted, trial.landmarks, trial.seen
    end = float((seen.labels[WAIT_DAYS] + seen.labels[CAME_BACK]).max())
    grid = np.linspace(end / GRID, end, GRID)
    found = [
        _by_curve(OURS, fitted.curve(seen), seen, grid),
        _by_curve(BASELINE, fitted.alone().curve(seen), seen, grid),
    ]
    if trial.p_purchase is not None:
        chance = {trial.horizon_days: trial.p_purchase}
        found.append(_by_curve(THROUGH, fitted.curve(seen, knots_with(chance)).through(chance), seen, grid))
    if landmarks is not None:
        found.append(_by_curve(GAPS, fit_gaps_by_order_count(landmarks).curve(seen), seen, grid))
    day = days_by_own_gap(seen)
    if np.isfinite(day).all():
        found.append(_by_day(OWN_GAP, day, seen, grid))
    return found


def _by_curve(model: str, curve: ReturnCurve, seen: Examples, grid: np.ndarray) -> WaitForecast:
    wait = seen.labels[WAIT_DAYS]
    survival = np.column_stack([curve.silent_until(day) for day in grid])
    below, up_to = curve.came_by(wait), curve.came_by(wait + 1.0)
    came = seen.labels[CAME_BACK] > 0
    key, cutoff = seen.customer_key, int(seen.cutoff[0])
    return WaitForecast(
        model,
        cutoff,
        key,
        wait,
        came,
        below,
        up_to,
        grid,
        survival,
        curve.p_no_repeat,
        curve.quantile(0.5, within=float(grid[-1])),
    )


def _by_day(model: str, day: np.ndarray, seen: Examples, grid: np.ndarray) -> WaitForecast:
    wait, came = seen.labels[WAIT_DAYS], seen.labels[CAME_BACK] > 0
    survival = (np.floor(day)[:, None] >= grid[None, :]).astype(np.float64)
    below, up_to = (np.floor(day) < wait).astype(np.float64), (np.floor(day) < wait + 1.0).astype(np.float64)
    key, cutoff = seen.customer_key, int(seen.cutoff[0])
    return WaitForecast(model, cutoff, key, wait, came, below, up_to, grid, survival, np.zeros(len(day)), day)


def _coverage(level: float) -> Callable[[WaitForecast, int], float]:
    def covered(one: WaitForecast, seed: int) -> float:
        if one.model == OWN_GAP:
            return math.nan
        return return_coverage(censored_pit(one, seed), one.came_back, one.p_no_repeat, level)

    return covered


def _central(level: float) -> Callable[[WaitForecast, int], float]:
    def covered(one: WaitForecast, seed: int) -> float:
        return math.nan if one.model == OWN_GAP else central_coverage(censored_pit(one, seed), one.came_back, level)

    return covered


ROW_SCORES: dict[str, Callable[[WaitForecast], np.ndarray]] = {
    "log_score": log_score_of_rows,
    "integrated_brier": integrated_brier_of_rows,
    "silence_predicted": silence_predicted,
}
MEASURES: dict[str, Callable[[WaitForecast, int], float]] = {
    "log_score": lambda one, seed: math.nan if one.model == OWN_GAP else float(log_score_of_rows(one).mean()),
    "integrated_brier": lambda one, seed: float(integrated_brier_of_rows(one).mean()),
    "concordance": lambda one, seed: concordance(one),
    **{f"coverage_{round(100 * level)}": _coverage(level) for level in LEVELS},
    **{f"central_coverage_{round(100 * level)}": _central(level) for level in LEVELS},
    "silence_predicted": lambda one, seed: float(silence_predicted(one).mean()),
    "silence_seen": lambda one, seed: silence_seen(one),
    "silence_calibration_error": lambda one, seed: silence_calibration_error(one),
    "error_of_returners_days": lambda one, seed: error_of_returners(one),
}
"""A date alone has no interval, and no log score: the day that it does not name has no chance."""


def _drawn(metric: str, own: Sequence[WaitForecast], weights: CustomerWeights, seed: int) -> np.ndarray | None:
    """float64 [draws]: the mean over cutoffs with customers drawn anew; None for what is not drawn."""
    drawn = []
    for one in own:
        if metric in ROW_SCORES:
            drawn.append(weights.means(one.customer_key, ROW_SCORES[metric](one)))
        elif metric.startswith("coverage_"):
            kept = weights.sampled(one.customer_key)
            counts = np.concatenate(list(weights.blocks(one.customer_key[kept])))
            level = int(metric.removeprefix("coverage_")) / 100
            pit, came, never = censored_pit(one, seed)[kept], one.came_back[kept], one.p_no_repeat[kept]
            drawn.append(np.array([return_coverage(pit, came, never, level, count) for count in counts]))
        else:
            return None
    return np.asarray(np.mean(drawn, axis=0))


def _mean(metric: str, model: str, values: Sequence[float], drawn: np.ndarray | None) -> NextOrderMeasure:
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return NextOrderMeasure(metric, model, "", None)
    value = float(np.mean(known))
    bounds = interval(value, value, drawn) if drawn is not None and len(known) == len(values) else None
    return NextOrderMeasure(metric, model, "", value, *(bounds or (None, None)))


def _difference(
    forecasts: Sequence[Sequence[WaitForecast]], weights: CustomerWeights, first: str, second: str
) -> list[NextOrderMeasure]:
    """The paired difference of two models' log scores, over the cutoffs that have both; none without one."""
    values, drawn = [], []
    for each in forecasts:
        scores = {one.model: log_score_of_rows(one) for one in each if one.model in (first, second)}
        if len(scores) == 2:
            apart = scores[first] - scores[second]
            values.append(float(apart.mean()))
            drawn.append(weights.means(each[0].customer_key, apart))
    if not values:
        return []
    return [_mean("log_score", f"{first} - {second}", values, np.asarray(np.mean(drawn, axis=0)))]


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
