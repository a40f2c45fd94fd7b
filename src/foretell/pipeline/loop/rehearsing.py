"""Rehearsing estimates: the windows of the tests, with what had come by each part of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.backtest.forecast import Forecast
from foretell.backtest.proof import Proof
from foretell.examples.labels import own_labels
from foretell.examples.plan import Plan
from foretell.outcomes.estimates.passing import PastWindow
from foretell.outcomes.estimates.rehearsal import Rehearsal, rehearsed, rehearsed_days
from foretell.project.objectives import target_of
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine

TOLD = ("purchase", "orders", "spend")


@dataclass(frozen=True)
class Arriving:
    """Orders and spend of each customer of a batch from each cutoff to the end of each day, counted as labels are."""

    cutoffs: tuple[int, ...]
    days: tuple[int, ...]

    def __call__(self, batch: Timelines) -> tuple[np.ndarray, np.ndarray]:
        """The keys, and float64 [2, cutoffs, customers, days]."""
        told = [[own_labels(batch, cutoff, day) for day in self.days] for cutoff in self.cutoffs]
        found = [[[labels[name] for labels in of_cutoff] for of_cutoff in told] for name in ("orders", "spend")]
        return batch.customer_key, np.array(found).transpose(0, 1, 3, 2)


def rehearsal_of(engine: Engine, plan: Plan, proof: Proof) -> Rehearsal:
    """The rehearsal of the models that serve, at the tests of the proof."""
    serving = [one for one in proof.forecasts if one.model == proof.serving(target_of(one.objective))]
    tests = {name: {one.cutoff: one for one in serving if one.objective == name} for name in TOLD}
    cutoffs = tuple(sorted(set.intersection(*(set(found) for found in tests.values()))))
    if not cutoffs or plan.proving is None:
        return Rehearsal(missing=proof.unproved or "orders and spend were not both tested")
    if plan.proving.horizon_days != plan.horizon_days:
        return Rehearsal(missing=f"the log was too short: the tests were over {plan.proving.horizon_days} days")
    days = rehearsed_days(plan.horizon_days)
    parts = list(engine.over(Arriving(cutoffs, (*days, plan.horizon_days)), plan.as_of, plan.proving_key))
    key, came = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts], axis=2)
    windows = list(_windows(tests, [one for one in serving if one.kind == "probability"], key, came))
    return rehearsed(windows, days, plan.proving.disjoint_tests)


def _windows(
    tests: Mapping[str, Mapping[int, Forecast]], questions: Sequence[Forecast], key: np.ndarray, came: np.ndarray
) -> Iterator[PastWindow]:
    """The test at each cutoff, oldest first, of whom all three were forecast."""
    order = np.argsort(key)
    for place, cutoff in enumerate(sorted(set.intersection(*(set(found) for found in tests.values())))):
        own = [tests[name][cutoff] for name in TOLD]
        everybody = own[0].customer_key[own[0].by_customer]
        chance, mean, money = (one.predicted[one.by_customer] for one in own)
        rows = order[np.searchsorted(key, everybody, sorter=order)]
        orders, spend = came[:, place, rows]
        asked = tuple(one for one in questions if one.cutoff == cutoff)
        yield PastWindow(everybody, chance, mean, money, orders, spend, asked)
