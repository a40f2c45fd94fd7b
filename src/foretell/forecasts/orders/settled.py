"""Settled: the blend at each past cutoff with the mix and the level that were known there, and what all of them tell.

A test tells of the mix and of the level once its window has ended; what a test is judged by rests on tests that had
ended before its cutoff, and what serves today on all of them. How spend scatters is told by the same tests, each
forecast once more with the mix that is used now: a mix moves large and small forecasts apart, and misses around the
forecasts of another mix would say where the next ones lie.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.backtest.forecast import Forecast
from foretell.examples.labels import TOP_TIER_SHARE
from foretell.forecasts.orders.past_forecasts import BlendAtTest, Tested
from foretell.models import spend_distribution
from foretell.models.blend import Blend, weighted
from foretell.models.contract import CannotFit
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
    blend: BlendAtTest
    level: Level | None
    missed: Missed | None

    @property
    def heard(self) -> Heard:
        return Heard(self.blend.links, self.blend.asked.judged.actual)


def settled(
    tested: Sequence[Tested], horizon_days: int
) -> tuple[list[Forecast], dict[str, Settled], SpendDistribution | None]:
    """All forecasts, those of the blend and the intervals of spend among them; what all cutoffs tell, by target; and
    how spend scatters around the blend that serves, None where too few bought."""
    forecasts: list[Forecast] = []
    outcomes: dict[str, list[_Outcome]] = {}
    usual: dict[str, Mapping[str, float]] = {}
    for test in sorted(tested, key=lambda one: one.cutoff):
        own = list(test.forecasts)
        known = {
            name: [one for one in found if one.cutoff + days(horizon_days) <= test.cutoff]
            for name, found in outcomes.items()
        }
        now: dict[str, Settled] = {}
        for blend in test.blends:
            name = blend.asked.target
            now[name] = _told(known.get(name, []), blend.usual, name)
            predicted, outcome = _judged(blend, now[name])
            own += predicted
            outcomes.setdefault(name, []).append(outcome)
            usual[name] = blend.usual
        forecasts += _with_intervals(own, _scatter(known, now) or test.scatter)
    told = {name: _told(found, usual[name], name) for name, found in outcomes.items()}
    return forecasts, told, _scatter(outcomes, told)


def _told(outcomes: Sequence[_Outcome], usual: Mapping[str, float], target: str) -> Settled:
    weights = mix([one.heard for one in outcomes], usual, TARGETS[target].kind)
    missed = [one.missed for one in outcomes if one.missed is not None]
    return Settled(weights, level_of(missed) if target in SEASONAL else None)


def _judged(blend: BlendAtTest, now: Settled) -> tuple[list[Forecast], _Outcome]:
    asked, kind = blend.asked, TARGETS[blend.asked.target].kind
    link, centre = _mixed(blend, now.weights)
    actual = asked.judged.actual
    missed, shift = None, 0.0
    if now.level is not None:
        missed = Missed(shift_to(float(actual.mean()), link, kind), _said(blend, link))
        shift = now.level.shift(missed.said)
    elif asked.target == TIER:
        shift = shift_to(TOP_TIER_SHARE, link, kind)
    learned = weighted(blend.learned, now.weights, centre + shift, kind)
    found = asked.forecasts(Blend.name, from_link(link + shift, kind), from_link(learned, kind))
    return list(found), _Outcome(asked.cutoff, blend, now.level, missed)


def _mixed(blend: BlendAtTest, weights: Mapping[str, float]) -> tuple[np.ndarray, float]:
    """The link of other weights, whose forecasts have the mean of the usual ones, and what it was shifted by for it."""
    kind = TARGETS[blend.asked.target].kind
    usual = from_link(weighted(blend.links, blend.usual, blend.season, kind), kind)
    centre = shift_to(float(usual.mean()), weighted(blend.links, weights, 0.0, kind), kind)
    return weighted(blend.links, weights, centre, kind), centre


def _said(blend: BlendAtTest, link: np.ndarray) -> float:
    kind = TARGETS[blend.asked.target].kind
    return 0.0 if blend.process_mean is None else shift_to(blend.process_mean, link, kind)


def _scatter(outcomes: Mapping[str, Sequence[_Outcome]], told: Mapping[str, Settled]) -> SpendDistribution | None:
    """How spend scattered around forecasts with the mix that is told now, each on the level that was known then; None
    where too few bought."""
    chances = {one.cutoff: one for one in outcomes.get("purchase", [])}
    pairs = [(chances[one.cutoff], one) for one in outcomes.get("spend", []) if one.cutoff in chances]
    alike = [
        (chance, spend)
        for chance, spend in pairs
        if np.array_equal(chance.blend.asked.judged.customer_key, spend.blend.asked.judged.customer_key)
    ]
    if not alike or not {"purchase", "spend"} <= set(told):
        return None
    p_purchase = [_again(chance, told["purchase"].weights) for chance, _ in alike]
    expected = [_again(spend, told["spend"].weights) for _, spend in alike]
    actual = [spend.blend.asked.judged.actual for _, spend in alike]
    try:
        return spend_distribution.fit(*(np.concatenate(column) for column in (p_purchase, expected, actual)))
    except CannotFit:
        return None


def _again(outcome: _Outcome, weights: Mapping[str, float]) -> np.ndarray:
    """float64 [judged]: what the blend would have forecast with these weights."""
    link, _ = _mixed(outcome.blend, weights)
    shift = 0.0 if outcome.level is None else outcome.level.shift(_said(outcome.blend, link))
    return from_link(link + shift, TARGETS[outcome.blend.asked.target].kind)


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
