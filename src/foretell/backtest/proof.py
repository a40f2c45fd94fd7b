"""The proof: what models were worth at past cutoffs, and who serves each question for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from foretell.backtest.forecast import Forecast, Measured
from foretell.backtest.grade import Grade
from foretell.backtest.selection import Choice
from foretell.backtest.source_worth import SourceWorth
from foretell.models.level import Level
from foretell.models.spend_distribution import SpendDistribution
from foretell.storage.artefacts import Artefact


@dataclass(frozen=True)
class Proof:
    """Forecasts at past cutoffs, their measures, who serves each target, and the grades; `unproved` says why
    there is nothing of it. `mixes` are the weights of the blend's members and `levels` how the level is told, by
    target, and `scatter` how spend lies around the blend of these weights, as all cutoffs together tell them. `sources`
    is what each table beside orders adds, the most first."""

    forecasts: tuple[Forecast, ...]
    measured: tuple[Measured, ...]
    choices: Mapping[str, Choice]
    grades: Mapping[str, Grade]
    cannot: Mapping[str, str]
    unproved: str = ""
    mixes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)
    scatter: SpendDistribution | None = None
    sources: tuple[SourceWorth, ...] = ()

    @cached_property
    def values(self) -> Mapping[tuple[str, str | None, str, str], list[float]]:
        """What was measured, by objective, model, metric and slice: the values at the cutoffs that have one."""
        found: dict[tuple[str, str | None, str, str], list[float]] = {}
        for row in self.measured:
            if row.value is not None:
                found.setdefault((row.objective, row.model, row.metric, row.slice), []).append(row.value)
        return found

    def mean(self, objective: str, model: str | None, metric: str, slice_name: str = "all") -> float | None:
        """The mean of a metric over the cutoffs where it has a value; None without one."""
        values = self.values.get((objective, model, metric, slice_name), [])
        return float(np.mean(values)) if values else None

    def serving(self, target: str) -> str | None:
        """The model that serves a target; None where nothing could be tested."""
        choice = self.choices.get(target)
        return choice.model if choice else None

    @property
    def idle_tables(self) -> frozenset[str]:
        """The tables beside orders whose features are better left out of the models that serve."""
        return frozenset(one.table for one in self.sources if one.surely_idle)

    def pooled(self, chance: str, amount: str) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """What serves two questions, at all cutoffs one after the other: chance, mean and actual amount of each
        customer; None without forecasts of both."""
        found = []
        for mean in (f for f in self.forecasts if (f.objective, f.model) == (amount, self.serving(amount))):
            key = (chance, self.serving(chance), mean.cutoff)
            beside = next((f for f in self.forecasts if (f.objective, f.model, f.cutoff) == key), None)
            if beside is not None and np.array_equal(beside.customer_key, mean.customer_key):
                found.append((beside.predicted, mean.predicted, mean.actual))
        if not found:
            return None
        chances, means, actual = (np.concatenate(column) for column in zip(*found, strict=True))
        return chances, means, actual


PROOF: Artefact[Proof] = Artefact("proof", Proof, version=4)
