"""Scoring: the forecasts of every customer of a batch at the as-of date, by the models that serve.

Nothing here compares customers, so a customer alone scores the same as in a crowd; what compares them
(percentile, tier, segment) is added to the whole table afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from scipy.special import ndtri

from foretell.examples.assembly import Assembly
from foretell.examples.examples import Examples
from foretell.forecasts.lifetime_value.lifetime_value import AS_REVENUE, ValueTerms
from foretell.forecasts.orders.serving import Serving
from foretell.models.links import from_link, to_link
from foretell.scores.reasons import UNTOLD, as_column, reasons, told_features
from foretell.scores.segment_reasons import theme_columns
from foretell.timelines.batch import Timelines

EXPLAINED_AT_ONCE = 20_000
LEAST_SPEND = 5e-5
LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
KEPT_FACTS = ("lifetime_orders", "lifetime_spend", "trailing_orders", "trailing_spend", "days_since_last")
COUNTED = ("refunds_life", "refunded_life")
KEPT_FEATURES = ("gap_days_median", "orders_365d", "spend_365d", "age_days")
ORDER_VALUE_VARIATION = 1.0
OF_BASELINES = ("baseline_p_purchase", "baseline_orders", "baseline_spend")


@dataclass(frozen=True)
class Scoring:
    """What scores a batch. Where the log is too short, models learned over less than the horizon of the assembly: those
    that are not far-sighted are stretched, chances by a constant hazard and amounts in proportion. `prior` stands for
    models where nothing could be learned. What `baselines` say of the same customers stands beside, where they could be
    taught."""

    assembly: Assembly
    serving: Serving
    prior: Mapping[str, float]
    terms: ValueTerms = AS_REVENUE
    baselines: Scoring | None = None

    def __call__(self, batch: Timelines) -> pa.Table:
        """One row a customer with an order, in the order of their keys; see docs/reference/definitions.md."""
        everything = self.assembly(batch)
        examples = everything.with_features(self.serving.feature_names)
        near = self._as_trained(batch, examples)
        rows = np.searchsorted(batch.customer_key, examples.customer_key)
        p_purchase, orders, spend = self._expected(examples, near)
        spread = {level: self._quantile(p_purchase, orders, spend, level) for level in LEVELS}
        table = {
            "customer_key": examples.customer_key,
            "customer_id": batch.customer_id.take(pa.array(rows)),
            "p_purchase": p_purchase,
            "active": examples.eligible["active"],
            "regular": examples.eligible["regular"],
            "p_decline": self._probability("decline", examples, near),
            "expected_orders": orders,
            "expected_spend": spend,
            "median_spend": spread[0.5],
            "expected_spend_low": spread[0.1],
            "expected_spend_high": spread[0.9],
            "expected_spend_low_50": spread[0.25],
            "expected_spend_high_50": spread[0.75],
            "expected_spend_low_90": spread[0.05],
            "expected_spend_high_90": spread[0.95],
            "p_high_value": np.minimum(self._in_tier(examples, near), p_purchase),
            **self._explained(examples if "purchase" in self.serving.far_sighted else near, everything),
            **self.serving.lifetime.worth(examples, spend, self.terms),
            **{name: everything.facts[name] for name in KEPT_FACTS},
            **{name: everything.feature(name) for name in KEPT_FEATURES},
            **(self.baselines.beside(everything, batch) if self.baselines else {}),
            **_told(everything),
        }
        return pa.table(table)

    def chance_and_spend(self, batch: Timelines, known: Examples | None = None) -> tuple[np.ndarray, np.ndarray]:
        """P(order) and expected spend alone, on the same rows; `known` are the examples of the batch, where they are
        assembled already."""
        examples = (known or self.assembly(batch)).with_features(self.serving.feature_names)
        p_purchase, _, spend = self._expected(examples, self._as_trained(batch, examples))
        return p_purchase, spend

    def beside(self, everything: Examples, batch: Timelines) -> dict[str, np.ndarray]:
        """What baselines say of rows that were assembled from the batch already, float32 by `OF_BASELINES`."""
        examples = everything.with_features(self.serving.feature_names)
        told = self._expected(examples, self._as_trained(batch, examples))
        return {name: values.astype(np.float32) for name, values in zip(OF_BASELINES, told, strict=True)}

    @property
    def stretch(self) -> float:
        """The horizon asked for over the one that was trained."""
        return self.assembly.horizon_days / self.serving.trained_horizon_days

    def _as_trained(self, batch: Timelines, examples: Examples) -> Examples:
        """The examples with the facts of the horizon that was trained."""
        if self.stretch == 1:
            return examples
        return replace(self.assembly, horizon_days=self.serving.trained_horizon_days)(batch).with_features(
            self.serving.feature_names
        )

    def _expected(self, examples: Examples, near: Examples) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """P(order), expected orders and expected spend, which agree with each other."""
        p_purchase = self._probability("purchase", examples, near)
        orders = np.maximum(self._mean("orders", examples, near), p_purchase)
        spend = self._mean("spend", examples, near)
        return p_purchase, orders, np.where(spend >= LEAST_SPEND, spend, orders * _own_order_value(examples))

    def _probability(self, target: str, examples: Examples, near: Examples) -> np.ndarray:
        if target not in self.serving.models:
            return np.full(len(examples), self.prior.get(target, np.nan))
        if target in self.serving.far_sighted:
            return self.serving.models[target].predict(examples)
        trained = self.serving.models[target].predict(near)
        return trained if self.stretch == 1 or target != "purchase" else 1 - (1 - trained) ** self.stretch

    def _in_tier(self, examples: Examples, near: Examples) -> np.ndarray:
        chance = self._probability("high_value", examples, near)
        if not self.serving.tier_shift:
            return chance
        return from_link(to_link(chance, "probability") + self.serving.tier_shift, "probability")

    def _mean(self, target: str, examples: Examples, near: Examples) -> np.ndarray:
        if target in self.serving.far_sighted:
            return self.serving.models[target].predict(examples)
        if target in self.serving.models:
            return self.serving.models[target].predict(near) * self.stretch
        each = _own_order_value(examples) if target == "spend" else np.ones(len(examples))
        return np.asarray(each * self.prior.get("orders", np.nan))

    def _quantile(self, p_purchase: np.ndarray, orders: np.ndarray, spend: np.ndarray, level: float) -> np.ndarray:
        if self.serving.scatter is None:
            return moment_quantile(p_purchase, orders, spend, level)
        return self.serving.scatter.quantile(p_purchase, spend, level)

    def _explained(self, examples: Examples, everything: Examples) -> dict[str, pa.Array]:
        """The reasons of each customer, and what each theme moved, from which those of segments are made."""
        if "purchase" not in self.serving.models:
            return {"reasons": as_column([[UNTOLD]] * len(examples))}
        told: list[pa.Array] = []
        moved: list[dict[str, np.ndarray]] = []
        for start in range(0, max(len(examples), 1), EXPLAINED_AT_ONCE):
            rows = np.arange(start, min(start + EXPLAINED_AT_ONCE, len(examples)))
            contributions = self.serving.models["purchase"].contributions(examples.take(rows))
            told.append(as_column(reasons(contributions, everything.take(rows), self.serving.typical)))
            moved.append(theme_columns(contributions))
        columns = {name: pa.array(np.concatenate([part[name] for part in moved])) for name in moved[0]}
        return {"reasons": pa.concat_arrays(told), **columns}


def moment_quantile(p_purchase: np.ndarray, orders: np.ndarray, spend: np.ndarray, level: float) -> np.ndarray:
    """The spend that is not exceeded with chance `level`, float64 [customers].

    Nothing with chance `1 - p_purchase`; else log-normal with mean `spend / p_purchase`, and the variation of a sum of
    `orders / p_purchase` orders whose value varies by as much as its mean, a Poisson number of them.

    >>> float(moment_quantile(np.array([0.05]), np.array([0.05]), np.array([5.0]), 0.9)[0])
    0.0
    """
    chance = np.clip(p_purchase, 1e-9, 1.0)
    count = np.maximum(orders / chance, 1.0)
    variance = np.log1p((1.0 + ORDER_VALUE_VARIATION**2) / count)
    among_buyers = np.clip((level - (1.0 - chance)) / chance, 0.0, 1 - 1e-9)
    quantile = spend / chance * np.exp(np.sqrt(variance) * ndtri(np.maximum(among_buyers, 1e-9)) - variance / 2)
    return np.where(among_buyers > 0, quantile, 0.0)


def _told(everything: Examples) -> dict[str, np.ndarray]:
    """What sentences tell and no other column holds, float32."""
    known = {*KEPT_FACTS, *KEPT_FEATURES}
    names = [name for name in (*told_features(), *COUNTED) if name not in known and name in everything.feature_names]
    return {name: everything.feature(name).astype(np.float32) for name in dict.fromkeys(names)}


def _own_order_value(examples: Examples) -> np.ndarray:
    return np.asarray(np.maximum(examples.facts["lifetime_spend"], 0) / examples.facts["lifetime_orders"])
