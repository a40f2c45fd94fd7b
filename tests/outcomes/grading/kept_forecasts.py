"""Forecasts of a few customers, as a published run would keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from foretell.customer_log.stable_keys import stable_keys
from foretell.outcomes.grading.promise import Promise
from foretell.outcomes.grading.published_forecast import PublishedForecast
from foretell.outcomes.grading.realised import NAMES, Realised
from made_orders import DAY

AS_OF = 19_100 * DAY


def forecast(
    chances: Mapping[str, float], horizon_days: int = 30, promise: Promise | None = None, **columns: Sequence[Any]
) -> PublishedForecast:
    """A forecast of these customers: the chance of an order, one order and 10 of spend for each chance of one, unless
    `columns` say otherwise."""
    ids = pa.array(list(chances), pa.string())
    keys = stable_keys(ids)
    order = np.argsort(keys)
    chance = np.array(list(chances.values()))
    plain: dict[str, Any] = {
        "customer_id": ids,
        "p_purchase": pa.array(chance, pa.float32()),
        **{name: pa.nulls(len(chance), pa.float32()) for name in ("p_high_value", "p_becomes_high_value", "p_decline")},
        "expected_orders": pa.array(chance, pa.float32()),
        "expected_spend": pa.array(10 * chance, pa.float32()),
        "median_spend": pa.array(10 * chance, pa.float32()),
        "expected_spend_low": pa.array(np.zeros(len(chance)), pa.float32()),
        "expected_spend_high": pa.array(20 * chance, pa.float32()),
        **dict.fromkeys(("segment", "next_segment"), pa.array(["all"] * len(chance)).dictionary_encode()),
        "active": pa.array([True] * len(chance)),
        "age_days": pa.array([100] * len(chance), pa.int16()),
    }
    table = pa.table({"customer_key": keys, **plain, **columns}).take(pa.array(order)).combine_chunks()
    told = promise or Promise(missing="nothing was tested")
    return PublishedForecast(AS_OF, horizon_days, "UTC", "EUR", "model", "rfm", table, {"purchase": 0.5}, told)


def happened(spends: Mapping[str, float]) -> Realised:
    """One order of that worth each; nobody ordered for 0."""
    keys = stable_keys(pa.array(list(spends), pa.string()))
    spend = np.array(list(spends.values()))
    ordered = (spend > 0).astype(np.float64)
    columns = dict(zip(NAMES, (ordered, ordered, spend, np.full(len(spend), np.nan)), strict=True))
    order = np.argsort(keys)
    return Realised(keys[order], {name: values[order] for name, values in columns.items()})
