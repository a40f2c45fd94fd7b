"""Discovered segments: groups of customers who behave alike, as many as come out the same from any sample.

k-means on behaviour. How many groups there are is told by their stability (Ben-Hur, Elisseeff and Guyon 2002; Hennig
2007): centres fitted on two bootstrap samples must put everybody into nearly the same groups, and every group must be
found again. Centres and scale are frozen, so that membership at another date is a matter of each customer's own row.
"""

# ruff: noqa: PLC0415  scikit-learn is loaded where groups are looked for, not where they are read

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from foretell.features.scale import logged
from foretell.segments.profile import BEHAVIOUR
from foretell.words.wording import letters

CANDIDATES = range(2, 9)
STABLE, LEAST_STABLE, FOUND_AGAIN = 0.8, 0.6, 0.8
PAIRS = 20
STABILITY_CUSTOMERS, FIT_CUSTOMERS, LEAST_CUSTOMERS = 2_500, 50_000, 100
WINSORISED = 0.01
FURTHEST = 3.0
EVERYONE = "everyone"


@dataclass(frozen=True)
class Stability:
    """Of a number of groups: `agreement`, the mean adjusted Rand index of pairs of bootstrap fits (1 the same, 0
    chance), and `weakest`, the mean Jaccard index with which the least stable group is found again."""

    groups: int
    agreement: float
    weakest: float

    @property
    def is_stable(self) -> bool:
        return self.agreement >= STABLE and self.weakest >= FOUND_AGAIN


@dataclass(frozen=True)
class Scale:
    """From features to coordinates: on the scale of `logged`, null as the median, held between `low` and `high` (the
    1st and 99th percentile), in standard deviations from the mean and at most 3 of them. All arrays [features]."""

    low: np.ndarray
    high: np.ndarray
    median: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray

    def __call__(self, features: Mapping[str, np.ndarray]) -> np.ndarray:
        """float64 [customers, features]; each row from its own values alone. A feature that tells nobody apart is 0."""
        columns = [logged(features[name], name) for name in BEHAVIOUR]
        filled = [np.where(np.isnan(c), median, c) for c, median in zip(columns, self.median, strict=True)]
        values = np.clip(np.column_stack(filled), self.low, self.high)
        apart = np.divide(values - self.mean, self.deviation, out=np.zeros_like(values), where=self.deviation > 0)
        return np.clip(apart, -FURTHEST, FURTHEST)

    def undone(self, coordinates: np.ndarray) -> np.ndarray:
        """The values on the scale of `logged` that have these coordinates."""
        return coordinates * self.deviation + self.mean


@dataclass(frozen=True)
class Groups:
    """Discovered segments: `segments` are their names, `centres` [groups, features] their coordinates. One group means
    that there are no stable ones. `named` counts the names that were ever given, so that none is given twice."""

    segments: tuple[str, ...]
    centres: np.ndarray
    scale: Scale
    tried: tuple[Stability, ...]
    named: int
    name = "discovered"
    is_ordered = False

    @property
    def is_stable(self) -> bool:
        """Whether there is more than one group."""
        return len(self.segments) > 1

    @property
    def verdict(self) -> str:
        """How many groups there are, and how sure that is, in one sentence."""
        if not self.tried:
            return "No stable groups: too few customers, or too few who differ."
        best = max(self.tried, key=lambda found: found.agreement)
        if not self.is_stable:
            return (
                f"No stable groups: even the best division, into {best.groups}, comes out differently from sample to "
                f"sample (agreement {best.agreement:.2f}; 1 is always the same, 0 is chance)."
            )
        found = next(found for found in self.tried if found.groups == len(self.segments))
        if found.is_stable:
            return f"{found.groups} groups come out the same from sample to sample (agreement {found.agreement:.2f})."
        return (
            f"{found.groups} groups come out alike, not the same, from sample to sample "
            f"(agreement {found.agreement:.2f}): take their borders for rough."
        )

    def assign(self, features: Mapping[str, np.ndarray]) -> np.ndarray:
        """int64 [customers]: the place in `segments` of the nearest centre; `features` hold `BEHAVIOUR`, NaN where
        null, at any date."""
        return _nearest(self.scale(features), self.centres)

    def as_json(self) -> dict[str, Any]:
        """Everything in plain values."""
        return {
            "segments": list(self.segments),
            "features": list(BEHAVIOUR),
            "centres": self.centres.tolist(),
            "scale": {name: values.tolist() for name, values in vars(self.scale).items()},
            "tried": [asdict(found) for found in self.tried],
            "named": self.named,
        }


def groups_of_json(kept: Mapping[str, Any]) -> Groups | None:
    """The groups that `as_json` wrote; None where they stand on other features than today's."""
    if kept["features"] != list(BEHAVIOUR):
        return None
    scale = Scale(**{name: np.asarray(values, dtype=np.float64) for name, values in kept["scale"].items()})
    centres = np.asarray(kept["centres"], dtype=np.float64).reshape(-1, len(BEHAVIOUR))
    return Groups(
        tuple(kept["segments"]), centres, scale, tuple(Stability(**found) for found in kept["tried"]), kept["named"]
    )


def discovered(
    features: Mapping[str, np.ndarray], customer_key: np.ndarray, seed: int = 0, before: Groups | None = None
) -> Groups:
    """Groups of the customers with these features (`BEHAVIOUR`, float64 [customers], NaN where null). Those of
    `before` that are still there keep their names. The order of customers changes nothing."""
    rows = np.argsort(customer_key, kind="stable")[:FIT_CUSTOMERS]
    taken = {name: np.asarray(features[name], dtype=np.float64)[rows] for name in BEHAVIOUR}
    scale = _scale_of(taken)
    points = scale(taken)
    tried = _tried(points[:STABILITY_CUSTOMERS], seed)
    count = chosen(tried)
    if count == 1:
        middle = np.zeros((1, len(BEHAVIOUR)))
        return Groups((EVERYONE,), middle, scale, tried, before.named if before else 0)
    centres = np.round(_fitted(points, count, seed, starts=10), 9)
    sizes = np.bincount(_nearest(points, centres), minlength=count)
    centres = centres[np.lexsort((centres[:, 0], -sizes))]
    names, named = _names(scale.undone(centres), before)
    order = sorted(range(count), key=lambda code: names[code])
    return Groups(tuple(f"Group {letters(names[code])}" for code in order), centres[order], scale, tried, named)


def chosen(tried: Sequence[Stability]) -> int:
    """The largest stable number of groups, else the one of best agreement; 1 where even that is under .6.

    >>> chosen([Stability(2, 0.95, 0.9), Stability(3, 0.9, 0.85), Stability(4, 0.85, 0.3)])
    3
    >>> chosen([Stability(2, 0.5, 0.8), Stability(3, 0.3, 0.4)])
    1
    """
    stable = [found.groups for found in tried if found.is_stable]
    best = max(tried, key=lambda found: found.agreement, default=None)
    if stable:
        return max(stable)
    return best.groups if best and best.agreement >= LEAST_STABLE else 1


def _scale_of(features: Mapping[str, np.ndarray]) -> Scale:
    found = []
    for name in BEHAVIOUR:
        values = logged(features[name], name)
        known = values[np.isfinite(values)]
        low, median, high = np.quantile(known, [WINSORISED, 0.5, 1 - WINSORISED]) if len(known) else np.zeros(3)
        held = np.clip(np.where(np.isnan(values), median, values), low, high)
        found.append((low, high, median, held.mean() if len(held) else 0.0, held.std() if len(held) else 0.0))
    return Scale(*(np.round(column, 9) for column in np.transpose(found)))


def _tried(points: np.ndarray, seed: int) -> tuple[Stability, ...]:
    """The stability of each number of groups that so many different customers can be divided into."""
    different = len(np.unique(points, axis=0)) if len(points) >= LEAST_CUSTOMERS else 0
    return tuple(_stability(points, count, seed) for count in CANDIDATES if count * 5 <= different)


def _stability(points: np.ndarray, count: int, seed: int) -> Stability:
    from sklearn.metrics import adjusted_rand_score

    random = np.random.default_rng([seed, count])
    reference = _nearest(points, _fitted(points, count, seed, starts=10))
    agreements, found_again = [], []
    for _ in range(PAIRS):
        pair = []
        for _ in range(2):
            sample = points[random.integers(0, len(points), len(points))]
            pair.append(_nearest(points, _fitted(sample, count, int(random.integers(2**31)), starts=5)))
        agreements.append(adjusted_rand_score(*pair))
        found_again += [_jaccard(reference, codes, count) for codes in pair]
    return Stability(count, float(np.mean(agreements)), float(np.mean(found_again, axis=0).min()))


def _fitted(points: np.ndarray, count: int, seed: int, starts: int) -> np.ndarray:
    from sklearn.cluster import KMeans

    return np.asarray(KMeans(count, n_init=starts, random_state=seed % 2**32).fit(points).cluster_centers_)


def _jaccard(reference: np.ndarray, codes: np.ndarray, count: int) -> np.ndarray:
    """float64 [groups]: of each group of the reference, the Jaccard index with the most similar one of the others."""
    both = np.bincount(reference * count + codes, minlength=count * count).reshape(count, count)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    return (both / np.maximum(either, 1)).max(axis=1)


def _nearest(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return np.argmin([((points - centre) ** 2).sum(axis=1) for centre in centres], axis=0)


def _names(centres: np.ndarray, before: Groups | None) -> tuple[list[int], int]:
    """The number of the name of each group, and how many were ever given. A group keeps the name of the one that it
    is paired with (all distances together the least), if that is also the nearest to its centre."""
    from scipy.optimize import linear_sum_assignment

    if before is None or not before.is_stable:
        start = before.named if before else 0
        return list(range(start, start + len(centres))), start + len(centres)
    scale, old = before.scale, [_number(name) for name in before.segments]
    deviation = np.where(scale.deviation > 0, scale.deviation, np.inf)
    seen = np.clip((np.clip(centres, scale.low, scale.high) - scale.mean) / deviation, -FURTHEST, FURTHEST)
    distance = ((seen[:, None] - before.centres) ** 2).sum(axis=2)
    paired = dict(zip(*linear_sum_assignment(distance), strict=True))
    kept = {new: old[place] for new, place in paired.items() if place == np.argmin(distance[new])}
    fresh = iter(range(before.named, before.named + len(centres)))
    names = [kept[new] if new in kept else next(fresh) for new in range(len(centres))]
    return names, before.named + len(centres) - len(kept)


def _number(segment: str) -> int:
    """The number of the name of a group: the reverse of `letters`."""
    number = 0
    for letter in segment.removeprefix("Group "):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
