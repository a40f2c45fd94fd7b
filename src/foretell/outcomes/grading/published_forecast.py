"""The forecast of a published run as it is kept for good: what was said of each customer, and what was promised of it.

It is small, and never made again: what is graded is what was published then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretell.customer_log.erasure.forgotten import Forgotten
from foretell.examples.plan import Plan
from foretell.outcomes.estimates.rehearsal import NOT_REHEARSED, Rehearsal
from foretell.outcomes.grading.promise import Promise
from foretell.project.fingerprints import fingerprint
from foretell.project.intervals import Window, label_window
from foretell.project.request import Asked
from foretell.segments.movement.cut_points import KeptCuts
from foretell.storage.artefacts import Artefact

CHANCES = ("p_purchase", "p_high_value", "p_becomes_high_value", "p_decline")
AMOUNTS = ("expected_orders", "expected_spend", "median_spend", "expected_spend_low", "expected_spend_high")
OF_BASELINES = {
    "p_purchase": "baseline_p_purchase",
    "expected_orders": "baseline_orders",
    "expected_spend": "baseline_spend",
}
"""What the best baseline of each question said, beside what the models that serve did."""
WORDS = ("segment", "next_segment")
MOST_DAYS = 2**15 - 1


@dataclass(frozen=True)
class PublishedForecast:
    """`customers` has one row a customer, by `customer_key`: `customer_id`, the chances and amounts of the scores as
    float32 (null where a question was not asked), `segment`, `next_segment`, `active`, and `age_days` since the first
    order. `as_of` is microseconds UTC; `thresholds` are those chosen before, by target; `segment_set` names the set
    that the scores show, `cuts` has its cut points, and `declared` identifies the sets that the project declared.
    `rehearsal` says what estimates before the truth are worth. Where forecasts of `baselines` (names by target) were
    kept beside, they stand in the columns of `OF_BASELINES`."""

    as_of: int
    horizon_days: int
    timezone: str
    currency: str
    model_id: str
    segment_set: str
    customers: pa.Table
    thresholds: Mapping[str, float]
    promise: Promise
    cuts: KeptCuts | None = None
    declared: str = ""
    rehearsal: Rehearsal = NOT_REHEARSED
    baselines: Mapping[str, str] = field(default_factory=dict)

    @property
    def window(self) -> Window:
        """The time that the forecast is about: `[as_of, as_of + horizon)`."""
        return label_window(self.as_of, self.horizon_days)

    @property
    def keys(self) -> np.ndarray:
        """uint64 [customers], ascending."""
        return np.asarray(self.customers["customer_key"].to_numpy())

    def column(self, name: str) -> np.ndarray:
        """float64 [customers]: a chance or an amount; NaN where it is null."""
        return np.asarray(pc.fill_null(self.customers[name].cast(pa.float64()), np.nan).to_numpy())

    def without(self, forgotten: Forgotten) -> PublishedForecast:
        """The same without the rows of those who were forgotten."""
        stays = (forgotten.of_keys(self.keys) == 0) & (
            forgotten.of_ids(self.customers["customer_id"].cast(pa.string())) == 0
        )
        return self if stays.all() else replace(self, customers=self.customers.filter(pa.array(stays)))


PUBLISHED_FORECAST: Artefact[PublishedForecast] = Artefact("published_forecast", PublishedForecast, version=2)


@dataclass(frozen=True)
class Terms:
    """What a forecast is kept with beside its rows."""

    currency: str
    model_id: str
    asked: Asked
    cuts: KeptCuts | None
    thresholds: Mapping[str, float]
    rehearsal: Rehearsal
    baselines: Mapping[str, str]


def declared_sets_of(asked: Asked) -> str:
    """A fingerprint of the segment sets that a project declares."""
    return fingerprint([part.model_dump() for part in asked.segments])


def forecast_to_keep(
    scores: pa.Table, customers: pa.Table, plan: Plan, terms: Terms, promise: Promise
) -> PublishedForecast:
    """The forecast of published scores; `customers` are the same customers in the same order, with their keys."""
    columns = {"customer_key": customers["customer_key"], "customer_id": scores["customer_id"]}
    columns |= {name: scores[name].cast(pa.float32()) for name in (*CHANCES, *AMOUNTS)}
    columns |= {name: customers[name].cast(pa.float32()) for name in OF_BASELINES.values() if terms.baselines}
    columns |= {name: scores[name].cast(pa.string()).dictionary_encode() for name in WORDS}
    columns["active"] = customers["active"]
    age = np.nan_to_num(customers["age_days"].to_numpy(), nan=0.0)
    columns["age_days"] = pa.array(np.clip(age, 0, MOST_DAYS).astype(np.int16))
    table = pa.table(columns).combine_chunks()
    return PublishedForecast(
        plan.as_of,
        plan.horizon_days,
        plan.timezone,
        terms.currency,
        terms.model_id,
        terms.asked.segment_set,
        table,
        dict(terms.thresholds),
        promise,
        terms.cuts,
        declared_sets_of(terms.asked),
        terms.rehearsal,
        dict(terms.baselines),
    )
