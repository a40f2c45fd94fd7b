from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from foretell.backtest.forecast import Forecast
from foretell.project.intervals import MICROSECONDS_PER_DAY
from foretell.project.objectives import Kind

Maker = Callable[..., Forecast]


@pytest.fixture
def forecast_of() -> Maker:
    """A forecast whose outcomes depend on the seed alone and whose quality falls with `noise`."""

    def make(
        kind: Kind = "probability", model: str = "ours", noise: float = 0.0, rows: int = 300, seed: int = 1
    ) -> Forecast:
        random = np.random.default_rng(seed)
        rate = random.normal(size=rows)
        key = random.permutation(rows).astype(np.uint64) * np.uint64(977)
        probability = 1 / (1 + np.exp(-rate))
        bought = (random.random(rows) < probability).astype(np.float64)
        actual = {
            "probability": bought,
            "count": random.poisson(np.exp(rate)).astype(np.float64),
            "amount": bought * random.gamma(2.0, 20 * np.exp(rate / 2)).round(2),
        }[kind]
        believed = rate + noise * np.random.default_rng([seed, 7]).normal(size=rows)
        predicted = {
            "probability": 1 / (1 + np.exp(-believed)),
            "count": np.exp(believed),
            "amount": 40 * np.exp(believed / 2) / (1 + np.exp(-believed)),
        }[kind]
        forecast = Forecast(
            objective="purchase" if kind == "probability" else kind,
            kind=kind,
            horizon_days=90,
            cutoff=(15_000 + 90 * seed) * MICROSECONDS_PER_DAY,
            model=model,
            customer_key=key,
            predicted=predicted,
            actual=actual,
            slices={"all": np.ones(rows, dtype=bool), "active": rate > 0},
            threshold=0.5 if kind == "probability" else None,
        )
        if kind != "amount":
            return forecast
        return replace(forecast, median=predicted * 0.6, low=predicted * 0.0, high=predicted * 2.5)

    return make


@pytest.fixture
def shuffled() -> Callable[[Forecast], Forecast]:
    """The same forecast with its rows in another order."""

    def shuffle(forecast: Forecast) -> Forecast:
        order = np.random.default_rng(5).permutation(len(forecast.customer_key))
        moved: dict[str, Any] = {
            name: None if values is None else values[order]
            for name in ("customer_key", "predicted", "actual", "median", "low", "high")
            for values in [getattr(forecast, name)]
        }
        return replace(forecast, **moved, slices={name: mask[order] for name, mask in forecast.slices.items()})

    return shuffle
