"""The bootstrap over customers: weights instead of copied rows, the same for every model and cutoff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.panels import Panel

MOST_CUSTOMERS = 5_000
"""Whose draws tell the spread; it is shrunk to that of all customers, and 5,000 tell it within a few percent."""
REPLICATES = 200
INTERVAL = 0.90
ROWS_AT_ONCE = 500_000


@dataclass(frozen=True)
class CustomerWeights:
    """How often each customer is drawn in each replicate.

    `keys` is uint64 [customers], ascending: the `MOST_CUSTOMERS` smallest customer keys (a stable hash, so an
    arbitrary but fixed sample) if there are more. `counts` is uint8 [replicates, customers]; a customer keeps the
    weight over all cutoffs, so that differences over several cutoffs respect that they are the same people.
    """

    keys: np.ndarray
    counts: np.ndarray

    @classmethod
    def drawn(
        cls, customer_keys: Iterable[np.ndarray], seed: int, replicates: int = REPLICATES, most: int = MOST_CUSTOMERS
    ) -> CustomerWeights:
        """Weights for all customers in the given arrays; the same customers and seed give the same weights."""
        keys = np.unique(np.concatenate([np.empty(0, np.uint64), *customer_keys]))[:most]
        random = np.random.default_rng(seed)
        counts = np.zeros((replicates, len(keys)), dtype=np.uint8)
        for replicate in counts if len(keys) else ():
            drawn = np.bincount(random.integers(0, len(keys), len(keys)), minlength=len(keys))
            replicate[:] = np.minimum(drawn, 255)
        return cls(keys, counts)

    def sampled(self, customer_key: np.ndarray) -> np.ndarray:
        """bool [rows]: whose customers have weights."""
        if not len(self.keys):
            return np.zeros(len(customer_key), dtype=bool)
        nearest = np.searchsorted(self.keys, customer_key).clip(max=len(self.keys) - 1)
        return np.asarray(self.keys[nearest] == customer_key)

    def blocks(self, customer_key: np.ndarray) -> Iterator[np.ndarray]:
        """float64 [some replicates, rows] until all are through; every row's customer must have weights."""
        columns = np.searchsorted(self.keys, customer_key)
        size = max(1, ROWS_AT_ONCE // max(1, len(columns)))
        for start in range(0, len(self.counts), size):
            yield self.counts[start : start + size, columns].astype(np.float64)

    def replicate(
        self, panel: Panel, customer_key: np.ndarray, names: Sequence[str] | None = None
    ) -> dict[str, np.ndarray]:
        """Each metric of the panel in each replicate: float64 [replicates], NaN where it has no value there."""
        wanted = tuple(panel.names if names is None else names)
        measured = [panel.measure(block, wanted) for block in self.blocks(customer_key)]
        return {name: np.concatenate([np.empty(0), *(part[name] for part in measured)]) for name in wanted}

    def means(self, customer_key: np.ndarray, values: np.ndarray) -> np.ndarray:
        """float64 [replicates]: the mean of one value a row in each, over the rows whose customers have weights."""
        rows = np.flatnonzero(self.sampled(customer_key))
        blocks = self.blocks(customer_key[rows])
        return np.concatenate([block @ values[rows] / np.maximum(block.sum(axis=1), 1.0) for block in blocks])


@dataclass(frozen=True)
class Figure:
    """A value with its 90 % interval over customers; None where it could not be drawn."""

    value: float
    low: float | None
    high: float | None

    @classmethod
    def drawn(cls, value: float, centre: float, replicates: np.ndarray, shrink: float = 1.0) -> Figure:
        """The value with its `interval`."""
        return cls(value, *(interval(value, centre, replicates, shrink) or (None, None)))

    @property
    def is_clear(self) -> bool:
        """Whether it is above zero beyond chance."""
        return self.low is not None and self.low > 0


def interval(value: float, centre: float, replicates: np.ndarray, shrink: float = 1.0) -> tuple[float, float] | None:
    """The 90 % percentile interval of a value on all rows from replicates around `centre`, the value of the sample.

    `shrink` is the root of sampled over all rows: the spread of a sample's metric, scaled to all rows. The interval is
    widened to hold the value where the bootstrap's own bias would leave it outside (calibration error, for one).
    None if a tenth or more of the replicates, or the centre, have no value.
    """
    known = replicates[np.isfinite(replicates)]
    if not np.isfinite(centre) or not len(known) or len(known) <= 0.9 * len(replicates):
        return None
    tail = (1 - INTERVAL) / 2
    low, high = value + (np.quantile(known, [tail, 1 - tail]) - centre) * shrink
    return min(float(low), value), max(float(high), value)
