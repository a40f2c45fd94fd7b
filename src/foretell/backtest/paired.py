"""One metric of one model over several cutoffs with its replicates, so that two models can be subtracted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.bootstrap import CustomerWeights, interval
from foretell.backtest.forecast import Forecast
from foretell.backtest.panels import checked, is_finite, panel_of, rows_of, value_of


@dataclass(frozen=True)
class Replicated:
    """A metric at several cutoffs: `values` float64 [cutoffs] on all rows, NaN where there is none.

    `replicates` float64 [replicates, cutoffs] are moved and shrunk so that they spread around `values` as a bootstrap
    of all rows would, also where only a sample of customers was drawn.
    """

    cutoffs: tuple[int, ...]
    values: np.ndarray
    replicates: np.ndarray


@dataclass(frozen=True)
class Difference:
    """Mean over cutoffs of one model's metric minus another's, with 90 % interval and two-sided p-value.

    The draws are over customers, each with one weight for all cutoffs, and over cutoffs where that is asked.
    """

    value: float
    low: float
    high: float
    p_value: float


def replicated(forecasts: Sequence[Forecast], metric: str, slice_name: str, weights: CustomerWeights) -> Replicated:
    """The metric of one model's forecasts, one a cutoff, in the order of cutoffs."""
    ordered = sorted(forecasts, key=lambda forecast: forecast.cutoff)
    columns = [_at_cutoff(checked(forecast), metric, slice_name, weights) for forecast in ordered]
    return Replicated(
        tuple(forecast.cutoff for forecast in ordered),
        np.array([value for value, _ in columns]),
        np.stack([replicates for _, replicates in columns], axis=1),
    )


def values_of(forecasts: Sequence[Forecast], metric: str, slice_name: str) -> np.ndarray:
    """The metric of one model's forecasts, one a cutoff, in the order of cutoffs: float64 [cutoffs]."""
    ordered = sorted(forecasts, key=lambda forecast: forecast.cutoff)
    return np.array([_value(checked(forecast), metric, rows_of(forecast, slice_name)) for forecast in ordered])


def difference(ours: Replicated, theirs: Replicated, over_cutoffs: bool = False) -> Difference | None:
    """Ours minus theirs over the cutoffs where both have a value; None without one. With `over_cutoffs` cutoffs are
    drawn too, so that how much they differ is in the interval. ValueError if cutoffs differ."""
    if ours.cutoffs != theirs.cutoffs:
        raise ValueError(f"models were judged at different cutoffs: {ours.cutoffs} and {theirs.cutoffs}")
    by_cutoff = ours.values - theirs.values
    known = np.isfinite(by_cutoff)
    if not known.any():
        return None
    value = float(by_cutoff[known].mean())
    drawn = (ours.replicates - theirs.replicates)[:, known]
    if over_cutoffs:
        which = np.random.default_rng(0).integers(0, drawn.shape[1], drawn.shape)
        drawn = np.take_along_axis(drawn, which, axis=1)
    replicates = drawn.mean(axis=1)
    bounds = interval(value, value, replicates)
    if bounds is None:
        return None
    spread = float(np.std(replicates[np.isfinite(replicates)]))
    negligible = spread <= 1e-12 * float(np.abs(ours.values[known]).mean())
    p_value = float(abs(value) <= spread) if negligible else math.erfc(abs(value) / spread / math.sqrt(2))
    return Difference(value, *bounds, p_value)


def same_rows(forecasts: Sequence[Forecast]) -> None:
    """ValueError unless all forecasts of a cutoff have the same customers with the same outcomes."""
    first: dict[int, tuple[str, np.ndarray, np.ndarray]] = {}
    for forecast in forecasts:
        order = forecast.by_customer
        rows = (forecast.model, forecast.customer_key[order], forecast.actual[order])
        model, keys, actual = first.setdefault(forecast.cutoff, rows)
        if not (np.array_equal(keys, rows[1]) and np.array_equal(actual, rows[2])):
            raise ValueError(f"{model} and {forecast.model} were not judged on the same rows of one cutoff")


def _value(forecast: Forecast, metric: str, rows: np.ndarray) -> float:
    if not len(rows) or not is_finite(forecast):
        return float("nan")
    return value_of(panel_of(forecast, rows), (metric,))[metric]


def _at_cutoff(forecast: Forecast, metric: str, slice_name: str, weights: CustomerWeights) -> tuple[float, np.ndarray]:
    rows = rows_of(forecast, slice_name)
    value = _value(forecast, metric, rows)
    sampled = rows[weights.sampled(forecast.customer_key[rows])]
    if not math.isfinite(value) or not len(sampled):
        return float("nan"), np.full(len(weights.counts), np.nan)
    panel = panel_of(forecast, sampled)
    centre = value if len(sampled) == len(rows) else value_of(panel, (metric,))[metric]
    replicates = weights.replicate(panel, forecast.customer_key[sampled], (metric,))[metric]
    return value, value + (replicates - centre) * math.sqrt(len(sampled) / len(rows))
