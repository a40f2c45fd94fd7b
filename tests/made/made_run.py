"""A run made by hand: scores of four customers, and a past in which the rule can be tested."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from foretell.alerts.raising import Run
from foretell.backtest.forecast import Forecast
from foretell.project.intervals import days
from foretell.project.parts.alerts import AlertPart

FIRST_DAY = 19_000
IDS = ("a", "b", "c", "d")
SPEND = (900.0, 100.0, 50.0, 300.0)


def part(**declared: object) -> AlertPart:
    """One `[[alerts]]`."""
    return AlertPart.model_validate({"name": "leaving", **declared})


def tested() -> tuple[Forecast, ...]:
    """Forecasts of purchase and churn at two past cutoffs; of two customers warned of, one left at each."""
    found = []
    for day in (FIRST_DAY - 60, FIRST_DAY - 40):
        for objective, predicted, actual in (
            ("purchase", [0.1, 0.2, 0.9], [0.0, 1.0, 1.0]),
            ("churn", [0.9, 0.8, 0.1], [1.0, 0.0, 0.0]),
        ):
            key = np.array([1, 2, 3], dtype=np.uint64)
            values = (np.array(predicted), np.array(actual))
            found.append(Forecast(objective, "probability", 30, days(day), "blend", key, *values, {}))
    return tuple(found)


def run_at(day: int, p_churn: Sequence[float | None], ids: Sequence[str] = IDS, **more: object) -> Run:
    """A run as of some day after the first."""
    rows = len(ids)
    segments = more.pop("segments", ["At risk"] * rows)
    scores = pa.table(
        {
            "customer_id": list(ids),
            "p_churn": pa.array(p_churn, pa.float64()),
            "p_purchase": pa.array([None if p is None else 1 - p for p in p_churn], pa.float64()),
            "expected_spend": list(SPEND[:rows]),
            "segment": segments,
        }
    )
    told: dict[str, object] = {"forecasts": tested(), "serving": {"purchase": "blend"}, "currency": "GBP"}
    told["reasons"] = pa.chunked_array([[[{"way": -1, "theme": "orders"}]] * rows])
    return Run(scores, days(FIRST_DAY + day), 30, **told | more)  # type: ignore[arg-type]
