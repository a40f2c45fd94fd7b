"""Estimating a forecast that is not ripe, from its chances and from what has come of it so far."""

from __future__ import annotations

from functools import partial

import numpy as np

from foretell.examples.labels import own_labels
from foretell.examples.plan import EVERYTHING
from foretell.outcomes.estimates.estimate import Asked, Estimates, SoFar, estimates_of
from foretell.outcomes.estimates.passing import TOTALS
from foretell.outcomes.grading.graded import ASKED
from foretell.outcomes.grading.promise import everybody_of
from foretell.outcomes.grading.published_forecast import PublishedForecast
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.objectives import TARGETS
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine


def estimates_so_far(engine: Engine, forecast: PublishedForecast, log_ends: int) -> Estimates:
    """The estimates of a forecast by a log that is complete up to a moment (microseconds UTC) within its window."""
    rehearsal = forecast.rehearsal
    if rehearsal.missing:
        return Estimates(missing=rehearsal.missing)
    passed = max((log_ends - forecast.as_of) // MICROSECONDS_PER_DAY, 0)
    stage = rehearsal.at(passed)
    so_far = _so_far(engine, forecast, stage.day) if stage and stage.day else None
    chance = forecast.column("p_purchase")
    totals = dict(zip(TOTALS, ("p_purchase", "expected_orders", "expected_spend"), strict=True))
    forecast_of = {what: float(np.nansum(forecast.column(column))) for what, column in totals.items()}
    promised = {
        (one.objective, one.metric): one.value
        for one in forecast.promise.measures
        if one.slice == everybody_of(one.objective)
    }
    found = estimates_of(chance, _questions(forecast, chance), forecast_of, rehearsal, so_far, promised)
    return Estimates(so_far.day if so_far else 0, tuple(found), currency=forecast.currency)


def _questions(forecast: PublishedForecast, chance: np.ndarray) -> dict[str, Asked]:
    """Every question of chances, with those of whom it was asked."""
    active = forecast.customers["active"].to_numpy()
    asked = {"purchase": (chance, np.isfinite(chance)), "churn": (1 - chance, np.isfinite(chance) & active)}
    for objective, column, _ in ASKED:
        if objective not in asked and TARGETS[objective].kind == "probability":
            own = forecast.column(column)
            asked[objective] = (own, np.isfinite(own))
    return {
        name: Asked(told[rows], forecast.thresholds.get(name), rows)
        for name, (told, rows) in asked.items()
        if rows.any()
    }


def _so_far(engine: Engine, forecast: PublishedForecast, day: int) -> SoFar:
    """What had come of the customers of a forecast by the end of a day of its window."""
    parts = list(engine.over(partial(_come, as_of=forecast.as_of, day=day), EVERYTHING))
    keys, orders, spend = (np.concatenate(column) for column in zip(*parts, strict=True))
    rows = np.searchsorted(forecast.keys, keys).clip(max=len(forecast.keys) - 1)
    own = forecast.keys[rows] == keys
    ordered = np.zeros(len(forecast.keys), dtype=bool)
    ordered[rows[own & (orders > 0)]] = True
    return SoFar(day, ordered, float(orders[own].sum()), float(spend[own].sum()))


def _come(batch: Timelines, as_of: int, day: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    labels = own_labels(batch, as_of, day)
    return batch.customer_key, labels["orders"], labels["spend"]
