"""Examples: one row for each customer and cutoff, features joined with labels that have ripened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from foretell.examples.indicators import feature_behind, indicator


@dataclass(frozen=True)
class Examples:
    """Rows ordered by cutoff, then by customer key; every array has one entry a row. A customer stands there several
    times at a cutoff where a policy makes them stand for others (see `policy`).

    `features` is float64 [rows, names], NaN is null. `facts` holds what the baselines and BTYD read,
    in plain units (see `FACTS`). `labels` maps a label to float64, NaN where unripe or undefined.
    `eligible` maps a name of `project.objectives.Eligible` to bool. `customer_key` is the stable hash
    of the customer's id; equal keys mean equal customers, over all cutoffs. `words` are the texts behind the codes
    among the features.
    """

    horizon_days: int
    customer_key: np.ndarray
    cutoff: np.ndarray
    feature_names: tuple[str, ...]
    features: np.ndarray
    facts: Mapping[str, np.ndarray]
    labels: Mapping[str, np.ndarray]
    eligible: Mapping[str, np.ndarray]
    words: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.customer_key)

    def take(self, rows: np.ndarray) -> Examples:
        """The examples at a boolean mask or an array of positions, in that order; itself where that is all of them."""
        at = np.flatnonzero(rows) if rows.dtype == bool else rows
        if len(at) == len(self) and (at == np.arange(len(at))).all():
            return self
        return replace(
            self,
            customer_key=self.customer_key[at],
            cutoff=self.cutoff[at],
            features=self.features.take(at, axis=0),
            facts={name: values[at] for name, values in self.facts.items()},
            labels={name: values[at] for name, values in self.labels.items()},
            eligible={name: values[at] for name, values in self.eligible.items()},
        )

    def each_once(self) -> Examples:
        """Every customer once at a cutoff: who stands for others counts as themselves alone, as judges need it."""
        new = np.ones(len(self), dtype=bool)
        new[1:] = (self.customer_key[1:] != self.customer_key[:-1]) | (self.cutoff[1:] != self.cutoff[:-1])
        return self.take(new)

    def at_most(self, rows: int) -> Examples:
        """Whole customers by stable key, so that at most `rows` rows remain."""
        if len(self) <= rows:
            return self
        largest = np.sort(self.customer_key)[rows]
        return self.take(self.customer_key < largest)

    def with_features(self, names: Sequence[str]) -> Examples:
        """The same rows with only the named features, in that order; an indicator is made of the feature behind it."""
        if tuple(names) == self.feature_names:
            return self
        made = [name for name in names if name not in self.feature_names]
        columns = [self.feature_names.index(feature_behind(name) if name in made else name) for name in names]
        features = np.ascontiguousarray(self.features[:, columns])
        for name in made:
            features[:, names.index(name)] = indicator(name, self.feature(feature_behind(name)))
        return replace(self, feature_names=tuple(names), features=features)

    def feature(self, name: str) -> np.ndarray:
        """The column of one feature."""
        return self.features[:, self.feature_names.index(name)]


FACTS: dict[str, str] = {
    "purchase_days": "distinct calendar days with an order before the cutoff (1 or more)",
    "observed_days": "days from the first order's day to the cutoff",
    "first_to_last_days": "days from the first order's day to the last order's day",
    "days_since_last": "days from the last order to the cutoff",
    "lifetime_orders": "orders before the cutoff",
    "lifetime_spend": "spend before the cutoff, in currency",
    "trailing_orders": "orders in the horizon's length before the cutoff",
    "trailing_spend": "spend in the horizon's length before the cutoff, in currency",
    "past_windows": "windows of the horizon's length, counted back from the cutoff, that begin after the first order",
    "past_windows_ordered": "those of them with an order",
    "repeat_value_mean": "mean spend of a purchase day after the first, in currency; 0 without one",
}


def stacked(parts: Sequence[Examples]) -> Examples:
    """The parts as one, ordered by cutoff, then by customer key; at least one part, all of one shape."""
    first = parts[0]
    whole = Examples(
        first.horizon_days,
        np.concatenate([p.customer_key for p in parts]),
        np.concatenate([p.cutoff for p in parts]),
        first.feature_names,
        np.concatenate([p.features for p in parts]),
        {name: np.concatenate([p.facts[name] for p in parts]) for name in first.facts},
        {name: np.concatenate([p.labels[name] for p in parts]) for name in first.labels},
        {name: np.concatenate([p.eligible[name] for p in parts]) for name in first.eligible},
        {code: text for part in parts for code, text in part.words.items()},
    )
    return whole.take(np.lexsort((whole.customer_key, whole.cutoff)))
