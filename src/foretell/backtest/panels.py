"""From a forecast and a slice to a panel that can be measured, its rows always in the order of customer keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy as np

from foretell.backtest.forecast import Forecast
from foretell.backtest.metrics.amount_metrics import AmountPanel
from foretell.backtest.metrics.probability_metrics import ProbabilityPanel


class Panel(Protocol):
    """Forecasts beside outcomes, measurable under weights."""

    @property
    def names(self) -> tuple[str, ...]: ...

    def __len__(self) -> int: ...

    def measure(self, weights: np.ndarray, names: Iterable[str] | None = None) -> dict[str, np.ndarray]: ...


def panel_of(forecast: Forecast, rows: np.ndarray) -> Panel:
    """The panel of a forecast at positions or a mask `rows`."""
    if forecast.kind == "probability":
        return ProbabilityPanel(forecast.predicted[rows], forecast.actual[rows], forecast.threshold)
    median, low, high = (
        None if values is None else values[rows] for values in (forecast.median, forecast.low, forecast.high)
    )
    return AmountPanel(
        forecast.kind, forecast.predicted[rows], forecast.actual[rows], median=median, low=low, high=high
    )


def value_of(panel: Panel, names: Iterable[str] | None = None) -> dict[str, float]:
    """Each metric with every row counted once; NaN where it has no value, as with no rows."""
    wanted = tuple(panel.names if names is None else names)
    if not len(panel):
        return dict.fromkeys(wanted, float("nan"))
    return {name: float(values[0]) for name, values in panel.measure(np.ones((1, len(panel))), wanted).items()}


def rows_of(forecast: Forecast, slice_name: str) -> np.ndarray:
    """Positions of the slice's rows by ascending customer key, int64."""
    rows = forecast.by_customer
    return rows[forecast.slices[slice_name][rows]]


def is_finite(forecast: Forecast) -> bool:
    """Whether every number that the model gave is a number."""
    given = (forecast.predicted, forecast.median, forecast.low, forecast.high)
    return all(bool(np.isfinite(values).all()) for values in given if values is not None)


def checked(forecast: Forecast) -> Forecast:
    """The forecast itself; ValueError if its arrays do not fit each other, or outcomes are not what the kind says."""
    who = f"forecast of {forecast.model} for {forecast.objective}"
    rows = len(forecast.customer_key)
    arrays = {name: getattr(forecast, name) for name in ("predicted", "actual", "median", "low", "high")}
    arrays |= {f"slice {name}": mask for name, mask in forecast.slices.items()}
    for name, values in arrays.items():
        if values is not None and values.shape != (rows,):
            raise ValueError(f"{who}: {name} has shape {values.shape}, expected ({rows},)")
    keys = forecast.customer_key[forecast.by_customer]
    if (keys[1:] == keys[:-1]).any():
        raise ValueError(f"{who}: a customer has more than one row")
    if not np.isfinite(forecast.actual).all():
        raise ValueError(f"{who}: an outcome is not a finite number")
    if forecast.kind == "probability" and not np.isin(forecast.actual, (0, 1)).all():
        raise ValueError(f"{who}: an outcome is neither 0 nor 1")
    finite = forecast.predicted[np.isfinite(forecast.predicted)]
    if forecast.kind == "probability" and ((finite < 0) | (finite > 1)).any():
        raise ValueError(f"{who}: a probability is outside [0, 1]")
    return forecast
