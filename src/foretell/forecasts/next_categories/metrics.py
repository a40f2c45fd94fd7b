"""How well an order of categories foresaw what was bought: hit rate, mean reciprocal rank and recall, paired.

Judged are the customers who bought at least one category of the kind that was asked, so that there was something to
find; whether they would order at all is another question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from foretell.backtest.bootstrap import CustomerWeights, Figure
from foretell.forecasts.next_categories.candidates import Candidates

SHOWN = 3
METRICS = ("hit_rate_at_3", "mean_reciprocal_rank", "recall_at_3")


@dataclass(frozen=True)
class Hits:
    """One entry a judged customer: uint64 key, 1 / rank of the best-placed category that was bought (0 where none of
    them was a candidate), how many of the first `SHOWN` were bought, and how many were bought at all."""

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


def hits(customer_key: np.ndarray, ranked: Candidates, then: csr_array, wanted: np.ndarray) -> Hits:
    """What the first places hold; `then` is 1 where a customer bought a category, csr [customers, categories], and
    `wanted` how many a customer bought of what is asked. Customers who bought none of it are left out."""
    ordered, place = ranked.in_order()
    bought = np.asarray(then[ordered.row, ordered.column]) > 0 if len(ranked) else np.zeros(0, dtype=bool)
    row, place = ordered.row[bought], place[bought]
    rank = np.full(len(customer_key), np.inf)
    np.minimum.at(rank, row, place + 1.0)
    found = np.bincount(row[place < SHOWN], minlength=len(customer_key))
    judged = np.flatnonzero(wanted > 0)
    return Hits(customer_key[judged], 1.0 / rank[judged], found[judged], wanted[judged])


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
