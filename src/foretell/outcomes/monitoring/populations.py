"""Populations: how the customers of a day are spread over each feature and score, as counts by bin.

Bins are the tenths of the day on which a feature was first counted, and one more for customers of whom it is null.
Only counts are made here: no customer can be told from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.examples.assembly import Assembly, is_code
from foretell.examples.examples import Examples
from foretell.features import FEATURES
from foretell.health.drift import PSI_BINS
from foretell.scores.scoring import Scoring
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine

SCORES = ("chance of an order", "expected spend")
Edges = Mapping[str, tuple[float, ...]]
"""The inner edges of the bins of each feature and score."""
Counts = dict[str, np.ndarray]
"""int64 [bins + 1] of each: customers by bin, the last one those of whom it is null."""


@dataclass(frozen=True)
class Population:
    """What is known of customers at moments of the past, as the models that serve see them today: `features` are
    counted, and the scores that `scoring` would have given (None: no models)."""

    assembly: Assembly
    scoring: Scoring | None
    features: tuple[str, ...]

    def values(self, batch: Timelines, cutoff: int) -> dict[str, np.ndarray]:
        """float64 [customers] of each feature and score at a moment."""
        assembly = replace(self.assembly, cutoffs=(cutoff,))
        known = assembly(batch)
        return {name: known.feature(name) for name in self.features} | self._scores(batch, assembly, known)

    def _scores(self, batch: Timelines, assembly: Assembly, known: Examples) -> dict[str, np.ndarray]:
        if self.scoring is None or not len(known):
            return {}
        scoring = replace(self.scoring, assembly=assembly)
        return dict(zip(SCORES, scoring.chance_and_spend(batch, known), strict=True))


@dataclass(frozen=True)
class _Values:
    population: Population
    cutoff: int

    def __call__(self, batch: Timelines) -> dict[str, np.ndarray]:
        return self.population.values(batch, self.cutoff)


@dataclass(frozen=True)
class _Counting:
    population: Population
    cutoffs: tuple[int, ...]
    edges: Edges

    def __call__(self, batch: Timelines) -> list[Counts]:
        return [counts_of(self.population.values(batch, cutoff), self.edges) for cutoff in self.cutoffs]


def watched_features(names: Sequence[str]) -> tuple[str, ...]:
    """Those that are quantities: codes of texts are watched where they come from, in the sources."""
    return tuple(name for name in names if name in FEATURES and not is_code(name))


def edges_at(engine: Engine, population: Population, cutoff: int, largest_key: int) -> Edges:
    """The edges that the customers of a moment give; nothing of what is the same for all of them."""
    parts = list(engine.over(_Values(population, cutoff), cutoff, largest_key))
    names = dict.fromkeys(name for part in parts for name in part)
    found = {name: edges_of(np.concatenate([part[name] for part in parts if name in part])) for name in names}
    return {name: edges for name, edges in found.items() if edges}


def edges_of(values: np.ndarray) -> tuple[float, ...]:
    """The tenths of the known values, each edge once; a value on an edge lies below it."""
    known = values[np.isfinite(values)]
    if not len(known):
        return ()
    edges = np.unique(np.quantile(known, np.linspace(0, 1, PSI_BINS + 1)[1:-1]))
    return tuple(edges.tolist()) if known.min() < known.max() else ()


def counts_of(values: Mapping[str, np.ndarray], edges: Edges) -> Counts:
    """The counts of some customers by bin."""
    found = {}
    for name, inner in edges.items():
        if name in values:
            known = np.isfinite(values[name])
            bins = np.where(known, np.searchsorted(inner, values[name], side="left"), len(inner) + 1)
            found[name] = np.bincount(bins, minlength=len(inner) + 2).astype(np.int64)
    return found


def counted_at(
    engine: Engine, population: Population, cutoffs: Sequence[int], edges: Edges, largest_key: int
) -> list[Counts]:
    """The counts at each moment."""
    if not cutoffs or not edges:
        return [{} for _ in cutoffs]
    whole: list[Counts] = [{} for _ in cutoffs]
    for part in engine.over(_Counting(population, tuple(cutoffs), edges), max(cutoffs), largest_key):
        for total, own in zip(whole, part, strict=True):
            for name, counts in own.items():
                total[name] = total[name] + counts if name in total else counts
    return whole
