"""Every metric of every forecast and slice, each with its interval."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from foretell.backtest.bootstrap import REPLICATES, CustomerWeights, interval
from foretell.backtest.forecast import Forecast, Measured
from foretell.backtest.panels import Panel, checked, is_finite, panel_of, rows_of, value_of
from foretell.project.intervals import day_of


def judge(
    forecasts: Sequence[Forecast],
    seed: int,
    replicates: int = REPLICATES,
    timezone: str = "UTC",
    slices: Collection[str] | None = None,
) -> list[Measured]:
    """One row for each forecast, slice and metric that applies, in that order; cutoffs as local dates.
    With `slices`, only those of them that a forecast has.

    Values use all rows. The 90 % intervals come from a bootstrap over the objective's customers, at most 5,000 of
    them, the same draws for all models. A value is None where the slice has no rows, one class, or only zero outcomes,
    or the model gave something that is not a number. `positives` counts the rows whose outcome is above zero.
    ValueError if a forecast's arrays do not fit each other.
    """
    drawn: dict[tuple[str, int], CustomerWeights] = {}
    measured: list[Measured] = []
    for forecast in forecasts:
        question = (forecast.objective, forecast.horizon_days)
        if question not in drawn:
            same = [f for f in forecasts if (f.objective, f.horizon_days) == question]
            drawn[question] = CustomerWeights.drawn([f.customer_key for f in same], seed, replicates)
        for slice_name in (name for name in checked(forecast).slices if slices is None or name in slices):
            measured.extend(_of_slice(forecast, slice_name, drawn[question], timezone))
    return measured


def _of_slice(forecast: Forecast, slice_name: str, weights: CustomerWeights, timezone: str) -> Iterator[Measured]:
    rows = rows_of(forecast, slice_name)
    finite = is_finite(forecast)
    panel = panel_of(forecast, rows if finite else rows[:0])
    values = value_of(panel)
    bounds = _bounds(forecast, rows, panel, values, weights) if any(map(math.isfinite, values.values())) else {}
    for metric, value in values.items():
        known = math.isfinite(value)
        low, high = (bounds.get(metric) if known else None) or (None, None)
        yield Measured(
            forecast.objective,
            forecast.horizon_days,
            day_of(forecast.cutoff, timezone),
            slice_name,
            forecast.model,
            metric,
            value if known else None,
            low,
            high,
            len(rows),
            int((forecast.actual[rows] > 0).sum()),
        )


def _bounds(
    forecast: Forecast, rows: np.ndarray, everybody: Panel, values: dict[str, float], weights: CustomerWeights
) -> dict[str, tuple[float, float] | None]:
    sampled = rows[weights.sampled(forecast.customer_key[rows])]
    is_everybody = len(sampled) == len(rows)
    panel = everybody if is_everybody else panel_of(forecast, sampled)
    centres = values if is_everybody else value_of(panel)
    replicated = weights.replicate(panel, forecast.customer_key[sampled]) if len(sampled) else {}
    shrink = math.sqrt(len(sampled) / len(rows))
    return {name: interval(values[name], centres[name], replicates, shrink) for name, replicates in replicated.items()}
