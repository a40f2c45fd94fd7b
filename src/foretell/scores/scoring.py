"""Scoring: the forecasts of every customer of a batch at the as-of date, by the models that serve.

Nothing here compares customers, so a customer alone scores the same as in a crowd; what compares them
(percentile, tier, segment) is added to the whole table afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.examples.assembly import Assembly
from foretell.examples.examples import Examples
from foretell.models.contract import Fitted
from foretell.models.spend_quantiles import FittedQuantiles
from foretell.scores.reasons import reasons
from foretell.timelines.batch import Timelines

EXPLAINED_AT_ONCE = 20_000
KEPT_FACTS = ("lifetime_orders", "lifetime_spend", "trailing_orders", "trailing_spend", "days_since_last")
KEPT_FEATURES = ("gap_days_median", "orders_365d", "spend_365d", "age_days")


@dataclass(frozen=True)
class Scoring:
    """What scores a batch. `stretch` is the horizon asked for over the one that was trained: 1, or more where the log
    is too short; then chances follow a constant hazard and amounts grow in proportion."""

    assembly: Assembly
    models: Mapping[str, Fitted]
    quantiles: FittedQuantiles | None
    feature_names: tuple[str, ...]
    stretch: float
    currency: str
    prior: Mapping[str, float]

    def __call__(self, batch: Timelines) -> pa.Table:
        """One row a customer with an order, in the order of their keys; see docs/reference/definitions.md."""
        everything = self.assembly(batch)
        examples = everything.with_features(self.feature_names)
        rows = np.searchsorted(batch.customer_key, examples.customer_key)
        p_purchase = self._probability("purchase", examples)
        orders = np.maximum(self._mean("orders", examples), p_purchase)
        spend = self._mean("spend", examples)
        low, median, high = self._interval(examples, spend)
        table = {
            "customer_key": examples.customer_key,
            "customer_id": batch.customer_id.take(pa.array(rows)),
            "p_purchase": p_purchase,
            "active": examples.eligible["active"],
            "regular": examples.eligible["regular"],
            "p_decline": self._probability("decline", examples),
            "expected_orders": orders,
            "expected_spend": spend,
            "median_spend": median,
            "expected_spend_low": low,
            "expected_spend_high": high,
            "p_high_value": self._probability("high_value", examples),
            "p_becomes_high_value": self._probability("becomes_high_value", examples),
            "reasons": pa.array(self._reasons(examples, everything), type=pa.list_(pa.string())),
            **{name: everything.facts[name] for name in KEPT_FACTS},
            **{name: everything.feature(name) for name in KEPT_FEATURES},
        }
        return pa.table(table)

    def _probability(self, target: str, examples: Examples) -> np.ndarray:
        if target not in self.models:
            return np.full(len(examples), self.prior.get(target, np.nan))
        trained = self.models[target].predict(examples)
        return trained if self.stretch == 1 or target != "purchase" else 1 - (1 - trained) ** self.stretch

    def _mean(self, target: str, examples: Examples) -> np.ndarray:
        if target in self.models:
            return self.models[target].predict(examples) * self.stretch
        own = examples.facts["lifetime_spend"] / examples.facts["lifetime_orders"] if target == "spend" else 1.0
        return np.asarray(np.maximum(own, 0) * np.full(len(examples), self.prior.get("orders", np.nan)))

    def _interval(self, examples: Examples, spend: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if self.quantiles is not None:
            low, median, high = self.quantiles.predict(examples)
            return low * self.stretch, median * self.stretch, high * self.stretch
        most = np.maximum(examples.facts["lifetime_spend"], spend)
        return np.zeros(len(examples)), np.minimum(spend, most), most

    def _reasons(self, examples: Examples, everything: Examples) -> list[list[str]]:
        if "purchase" not in self.models:
            return [["too little history to tell this customer from others"]] * len(examples)
        told: list[list[str]] = []
        for start in range(0, len(examples), EXPLAINED_AT_ONCE):
            rows = np.arange(start, min(start + EXPLAINED_AT_ONCE, len(examples)))
            contributions = self.models["purchase"].contributions(examples.take(rows))
            told += reasons(contributions, everything.take(rows), self.currency)
        return told
