"""Settled: the blend at each past cutoff with the mix and the level that were known there, and what all of them tell.

A test tells of the mix and of the level once its window has ended; what a test is judged by rests on tests that had
ended before its cutoff, and what serves today on all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.backtest.forecast import Forecast
from foretell.examples.labels import TOP_TIER_SHARE
from foretell.forecasts.orders.past_forecasts import BlendAtTest, Tested
from foretell.models.blend import Blend, weighted
from foretell.models.level import SEASONAL, Level, Missed, level_of
from foretell.models.links import from_link, shift_to
from foretell.models.mix import Heard, mix
from foretell.models.spend_distribution import SpendDistribution
from foretell.project.intervals import days
from foretell.project.objectives import TARGETS

TIER = "high_value"


@dataclass(frozen=True)
class Settled:
    """What past cutoffs tell of one question: the weight of each member of the blend, and the level, which is None
    where the level of a question is not learned."""

    weights: Mapping[str, float]
    level: Level | None


@dataclass(frozen=True)
class _Outcome:
    """What one test tells, once its window has ended."""

    cutoff: int
    heard: Heard
    missed: Missed | None


def settled(tested: Sequence[Tested], horizon_days: int) -> tuple[list[Forecast], dict[str, Settled]]:
    """All forecasts, those of the blend and the intervals of spend among them; and what all cutoffs tell, by target."""
    forecasts: list[Forecast] = []
    outcomes: dict[str, list[_Outcome]] = {}
    usual: dict[str, Mapping[str, float]] = {}
    for test in sorted(tested, key=lambda one: one.cutoff):
        own = list(test.forecasts)
        for blend in test.blends:
            name = blend.asked.target
            known = [one for one in outcomes.get(name, []) if one.cutoff + days(horizon_days) <= test.cutoff]
            now = _told(known, blend.usual, name)
            predicted, outcome = _judged(blend, now)
            own += predicted
            outcomes.setdefault(name, []).append(outcome)
            usual[name] = blend.usual
        forecasts += _with_intervals(own, test.scatter)
    return forecasts, {name: _told(found, usual[name], name) for name, found in outcomes.items()}


def _told(outcomes: Sequence[_Outcome], usual: Mapping[str, float], target: str) -> Settled:
    weights = mix([one.heard for one in outcomes], usual, TARGETS[target].kind)
    missed = [one.missed for one in outcomes if one.missed is not None]
    return Settled(weights, level_of(missed) if target in SEASONAL else None)


def _judged(blend: BlendAtTest, now: Settled) -> tuple[list[Forecast], _Outcome]:
    asked, kind = blend.asked, TARGETS[blend.asked.target].kind
    usual = from_link(weighted(blend.links, blend.usual, blend.season, kind), kind)
    centre = shift_to(float(usual.mean()), weighted(blend.links, now.weights, 0.0, kind), kind)
    link = weighted(blend.links, now.weights, centre, kind)
    actual = asked.judged.actual
    missed, shift = None, 0.0
    if now.level is not None:
        said = 0.0 if blend.process_mean is None else shift_to(blend.process_mean, link, kind)
        missed = Missed(shift_to(float(actual.mean()), link, kind), said)
        shift = now.level.shift(said)
    elif asked.target == TIER:
        shift = shift_to(TOP_TIER_SHARE, link, kind)
    learned = weighted(blend.learned, now.weights, centre + shift, kind)
    found = asked.forecasts(Blend.name, from_link(link + shift, kind), from_link(learned, kind))
    return list(found), _Outcome(asked.cutoff, Heard(blend.links, actual), missed)


def _with_intervals(forecasts: Sequence[Forecast], scatter: SpendDistribution | None) -> list[Forecast]:
    """The same, those of spend with median and 80 % interval around the blend's chance of an order."""
    chance = next((f for f in forecasts if (f.objective, f.model) == ("purchase", Blend.name)), None)
    if scatter is None or chance is None:
        return list(forecasts)
    return [
        _with_interval(one, scatter, chance.predicted)
        if one.objective == "spend" and np.array_equal(one.customer_key, chance.customer_key)
        else one
        for one in forecasts
    ]


def _with_interval(forecast: Forecast, scatter: SpendDistribution, chance: np.ndarray) -> Forecast:
    low, median, high = (scatter.quantile(chance, forecast.predicted, level) for level in (0.1, 0.5, 0.9))
    return replace(forecast, median=median, low=low, high=high)
