"""How well an order of categories foresaw what was bought: hit rate, mean reciprocal rank and recall, paired.

Judged are the customers who bought at least one category of the kind that was asked, so that there was something to
find; whether they would order at all is another question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.bootstrap import CustomerWeights, Figure

SHOWN = 3
METRICS = ("hit_rate_at_3", "mean_reciprocal_rank", "recall_at_3")


@dataclass(frozen=True)
class Hits:
    """One entry a judged customer: uint64 key, 1 / rank of the best-placed category that was bought, how many of the
    first `SHOWN` were bought, and how many were bought at all (of those that could be named)."""

    customer_key: np.ndarray
    reciprocal_rank: np.ndarray
    found: np.ndarray
    bought: np.ndarray

    def __len__(self) -> int:
        return len(self.customer_key)

    def metric(self, name: str) -> np.ndarray:
        """float64 [customers]: what each customer adds to the mean that is the metric."""
        if name == "hit_rate_at_3":
            return (self.found > 0).astype(np.float64)
        return self.reciprocal_rank if name == "mean_reciprocal_rank" else self.found / self.bought

    def mean(self, name: str) -> float:
        """The metric; NaN without customers."""
        return float(self.metric(name).mean()) if len(self) else float("nan")


def hits(customer_key: np.ndarray, score: np.ndarray, bought: np.ndarray) -> Hits:
    """What the first places hold, by score [customers, categories] (-inf where a category is not asked of a customer);
    equal scores keep the order of the categories. Customers who bought nothing of what is asked are left out."""
    bought = bought & np.isfinite(score)
    judged = np.flatnonzero(bought.any(axis=1))
    order = np.argsort(-score[judged], axis=1, kind="stable")
    in_order = np.take_along_axis(bought[judged], order, axis=1)
    best = in_order.argmax(axis=1) if len(judged) else np.zeros(0)
    return Hits(customer_key[judged], 1.0 / (best + 1.0), in_order[:, :SHOWN].sum(axis=1), in_order.sum(axis=1))


def joined(parts: Sequence[Hits]) -> Hits:
    """Several batches or cutoffs as one, in the order of the customers' keys, so that batches leave no trace."""
    fields = [np.concatenate([getattr(part, name) for part in parts]) for name in Hits.__dataclass_fields__]
    order = np.argsort(fields[0], kind="stable")
    return Hits(*(field[order] for field in fields))


def lead(ours: Hits, theirs: Hits, metric: str, seed: int) -> Figure:
    """Ours less theirs on the same customers, by a bootstrap over customers. ValueError if they differ."""
    if not np.array_equal(ours.customer_key, theirs.customer_key):
        raise ValueError("both must be judged on the same customers, in the same order")
    gain = ours.metric(metric) - theirs.metric(metric)
    if not len(gain):
        return Figure(float("nan"), None, None)
    weights = CustomerWeights.drawn([ours.customer_key], seed)
    kept = weights.sampled(ours.customer_key)
    draws = weights.means(ours.customer_key, gain)
    return Figure.drawn(float(gain.mean()), float(gain[kept].mean()), draws, float(np.sqrt(kept.mean())))
