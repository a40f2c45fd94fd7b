"""Tails: how often spend lies beyond an end of its 80 % interval, by fifth of expected spend, and how many fifths are
right.

A customer who will hardly buy has an interval that begins at nothing, and whoever buys nothing is inside it. So buyers
are also judged by the distribution of what they spend if they buy, of which the scores tell 1 - (1 - u) / p.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bench.accuracy.intervals import SEED, bounds
from foretell.backtest.metrics.distribution_metrics import randomised_pit
from foretell.backtest.metrics.ranking import equal_mass_bins

RIGHT, WITHIN = 0.1, 0.03
INSIDE, INSIDE_WITHIN = 0.8, 0.04
CHANCE = 1.64
"""Standard errors that chance alone passes one time in ten."""
FEWEST = 10
TAILS = {
    "above_high": "above the high end",
    "below_low": "below the low end, where it is above nothing",
    "buyers_above": "buyers, above the 90 % of what they spend if they buy",
    "buyers_below": "buyers, below the 10 % of it",
}
INSIDES = {"pit_inside": "all customers", "pit_inside_of_buyers": "buyers"}


class Share(NamedTuple):
    """A share of so many customers."""

    share: float
    customers: int


def tails(forecasts: Mapping[str, np.ndarray], actual: np.ndarray, keys: np.ndarray) -> dict[str, Share]:
    """For each of `TAILS` and fifth of expected spend, lowest first, the share beyond (`above_high_1` and so on), and
    for each of `INSIDES` the share of the randomised PIT from .1 to .9; what nobody falls into is left out."""
    u = randomised_pit(*bounds(forecasts, actual), keys, SEED)
    bought = actual > 0
    chance = forecasts["purchase"][bought]
    of_buyers = 1 - (1 - u[bought]) / np.maximum(chance, 1e-9)
    spend, has_low = forecasts["spend"], forecasts["spend_low"] > 0
    found = {
        **_by_fifth("above_high", spend, actual > forecasts["spend_high"]),
        **_by_fifth("below_low", spend[has_low], (actual < forecasts["spend_low"])[has_low]),
        **_by_fifth("buyers_above", spend[bought], of_buyers > 1 - RIGHT),
        **_by_fifth("buyers_below", spend[bought], of_buyers < RIGHT),
    }
    for name, where in zip(INSIDES, (u, of_buyers), strict=True):
        if len(where):
            found[name] = Share(float(np.mean(np.abs(where - 0.5) <= INSIDE / 2)), len(where))
    return found


def _by_fifth(name: str, spend: np.ndarray, beyond: np.ndarray) -> dict[str, Share]:
    fifth = equal_mass_bins(spend, 5)
    groups = {number: beyond[fifth == number] for number in range(5)}
    return {f"{name}_{number + 1}": Share(float(own.mean()), len(own)) for number, own in groups.items() if len(own)}


def right(shares: Sequence[Share], wanted: float, within: float) -> tuple[int, int, int]:
    """Of how many shares of `FEWEST` customers or more; how many lie within so much of what is wanted; and how many do
    once chance is allowed for."""
    told = [one for one in shares if one.customers >= FEWEST]
    chance = [CHANCE * float(np.sqrt(wanted * (1 - wanted) / one.customers)) for one in told]
    away = [abs(one.share - wanted) for one in told]
    close = sum(one <= within + 1e-9 for one in away)
    return len(told), close, sum(one <= within + more + 1e-9 for one, more in zip(away, chance, strict=True))
