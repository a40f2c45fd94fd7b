"""The level: how many will order at all, as far as the newest facts tell it.

What learners know of the level is that of past windows. A buy-till-you-die process knows how many customers are left
today: the mean chance of an order goes half way to its mean, where the log is long enough for it to see customers
leave. A tier has a known share: its chances sum to that. A season moves chances, counts and amounts alike (`season`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.optimize import brentq

from foretell.examples.examples import Examples
from foretell.examples.labels import TOP_TIER_SHARE
from foretell.models.blend import FittedBlend
from foretell.models.contract import CannotFit, Fitted
from foretell.models.learners.buy_till_you_die import BgNbd, FittedBuyTillYouDie
from foretell.models.links import from_link
from foretell.models.longer_horizon import FittedLongerHorizon
from foretell.project.objectives import Target

HALF_WAY = 0.5
LEAST_HORIZONS = 1.75
SEASONAL = ("purchase", "orders", "spend")
WITH_A_LEVEL = (FittedBlend, FittedLongerHorizon, FittedBuyTillYouDie)
FURTHEST_SHIFT = 3.0


def levelled(fitted: Fitted, today: Examples, target: Target, history_days: float, season: float = 0.0) -> Fitted:
    """The blend with the level of `today`: the rows of the moment of the forecast, of which no outcome is read.

    `history_days` is the length of the log before that moment; it must be `LEAST_HORIZONS` of the horizon at which the
    blend learned. `season` is added to the logit of an order and to the log of orders and spend (see `seasoned`).
    Other models, and other targets, stay as they are.
    """
    if not isinstance(fitted, FittedBlend | FittedLongerHorizon) or not len(today):
        return seasoned(fitted, target.name, season)
    move = MOVES.get(target.name)
    learned_days = fitted.learned_days if isinstance(fitted, FittedLongerHorizon) else today.horizon_days
    knows = move is not None and history_days >= LEAST_HORIZONS * learned_days
    own = move(fitted.link(today), today, target) if move is not None and knows else 0.0
    return seasoned(replace(fitted, shift=own) if knows else fitted, target.name, season)


def seasoned(fitted: Fitted, target: str, season: float) -> Fitted:
    """The same with a season, or with one more, for what is of many customers' level: blends and buy-till-you-die
    processes. Other models, and other targets, stay as they are."""
    if not season or target not in SEASONAL or not isinstance(fitted, WITH_A_LEVEL):
        return fitted
    return replace(fitted, shift=fitted.shift + season)


def takes_season(fitted: Fitted) -> bool:
    """Whether a season moves this model: the simplest baselines stay as they are named."""
    return isinstance(fitted, WITH_A_LEVEL)


def _half_way_to_the_rhythm(link: np.ndarray, today: Examples, target: Target) -> float:
    try:
        mean = float(BgNbd().fit(today, target, 0).predict(today).mean())
    except CannotFit:
        return 0.0
    return HALF_WAY * _shift_to(mean, link)


def _to_the_share_of_the_tier(link: np.ndarray, today: Examples, target: Target) -> float:
    return _shift_to(TOP_TIER_SHARE, link)


def _shift_to(mean: float, link: np.ndarray) -> float:
    """What to add to every logit so that the chances have this mean; held to `FURTHEST_SHIFT`."""

    def missing(shift: float) -> float:
        return float(from_link(link + shift, "probability").mean()) - mean

    if missing(-FURTHEST_SHIFT) >= 0 or missing(FURTHEST_SHIFT) <= 0:
        return -FURTHEST_SHIFT if missing(-FURTHEST_SHIFT) >= 0 else FURTHEST_SHIFT
    return float(brentq(missing, -FURTHEST_SHIFT, FURTHEST_SHIFT, xtol=1e-10))


MOVES: dict[str, Callable[[np.ndarray, Examples, Target], float]] = {
    "purchase": _half_way_to_the_rhythm,
    "high_value": _to_the_share_of_the_tier,
}
