"""Levelled: a fitted model with the level of the day of the forecast, of which no outcome is read.

The level of orders and spend is told by a process and past misses (`level`). A tier has a known share: its chances sum
to that. A season moves chances, counts and amounts alike (`season`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from foretell.examples.examples import Examples
from foretell.examples.labels import TOP_TIER_SHARE
from foretell.models.blend import FittedBlend
from foretell.models.contract import CannotFit, Fitted
from foretell.models.learners.buy_till_you_die import BgNbd, FittedBuyTillYouDie
from foretell.models.level import SEASONAL, Level
from foretell.models.links import shift_to
from foretell.models.several_horizons import FittedSeveralHorizons
from foretell.project.objectives import Target

WITH_A_LEVEL = (FittedBlend, FittedSeveralHorizons, FittedBuyTillYouDie)


def process_mean(today: Examples, target: Target, season: float = 0.0) -> float | None:
    """BG/NBD's mean forecast of rows to whose facts it is fitted, with a season; None where it cannot be fitted."""
    try:
        process = BgNbd().fit(today, target, 0)
    except CannotFit:
        return None
    return float(replace(process, shift=season).predict(today).mean())


def mixed(fitted: Fitted, today: Examples, weights: Mapping[str, float]) -> Fitted:
    """The blend with other weights and the same mean of today, since weights that do not sum to 1 say nothing of the
    level; as it is where it is no blend, or has other members."""
    if not isinstance(fitted, FittedBlend | FittedSeveralHorizons) or set(fitted.weights) != set(weights):
        return fitted
    other = fitted.mixed(weights)
    if not len(today):
        return other
    moved = shift_to(float(fitted.predict(today).mean()), other.link(today), fitted.kind)
    return replace(other, shift=other.shift + moved)


def levelled(fitted: Fitted, today: Examples, target: Target, level: Level, season: float = 0.0) -> Fitted:
    """The blend with the level of `today`: the rows of the moment of the forecast, of which no outcome is read.

    `season` is added to the logit of an order and to the log of orders and spend (see `seasoned`). Other models, and
    other targets, stay as they are.
    """
    fitted = seasoned(fitted, target.name, season)
    if not isinstance(fitted, FittedBlend | FittedSeveralHorizons) or not len(today):
        return fitted
    if target.name == "high_value":
        return replace(fitted, shift=fitted.shift + shift_to(TOP_TIER_SHARE, fitted.link(today), target.kind))
    if target.name not in SEASONAL:
        return fitted
    link, mean = fitted.link(today), process_mean(today, target, season)
    said = 0.0 if mean is None else shift_to(mean, link, target.kind)
    return replace(fitted, shift=fitted.shift + level.shift(said))


def seasoned(fitted: Fitted, target: str, season: float) -> Fitted:
    """The same with a season, or with one more, for what is of many customers' level: blends and buy-till-you-die
    processes. Other models, and other targets, stay as they are."""
    if not season or target not in SEASONAL or not isinstance(fitted, WITH_A_LEVEL):
        return fitted
    return replace(fitted, shift=fitted.shift + season)


def takes_season(fitted: Fitted) -> bool:
    """Whether a season moves this model: the simplest baselines stay as they are named."""
    return isinstance(fitted, WITH_A_LEVEL)
