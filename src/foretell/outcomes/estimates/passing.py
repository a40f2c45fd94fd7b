"""Windows of which a part has passed: what came in it and in the rest, and what several of them tell of another one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from foretell.backtest.forecast import Forecast
from foretell.outcomes.estimates.pace import Buyers, clock_of_buyers, clock_of_totals, kept, pace_of, total

TOTALS = ("buyers", "orders", "spend")


@dataclass(frozen=True)
class PastWindow:
    """One test: of its customers, by ascending `key`, what the models that serve forecast (`chance`, `orders`,
    `spend`), float64 [customers], and what had come by the end of each rehearsed day and of the horizon, float64
    [customers, days + 1]. `questions` are the forecasts of chances at that cutoff, beside what happened."""

    key: np.ndarray
    chance: np.ndarray
    orders: np.ndarray
    spend: np.ndarray
    came_orders: np.ndarray
    came_spend: np.ndarray
    questions: Sequence[Forecast] = ()

    @cached_property
    def buyers(self) -> Buyers:
        """Its customers as those who may order."""
        return Buyers(self.chance)

    def forecast(self, what: str) -> float:
        """The total that was forecast."""
        return float({"buyers": self.chance, "orders": self.orders, "spend": self.spend}[what].sum())

    def came(self, what: str, place: int) -> float:
        """The total that had come by the end of a rehearsed day (-1: of the horizon)."""
        came = self.came_spend if what == "spend" else self.came_orders
        return float((came[:, place] > 0).sum() if what == "buyers" else came[:, place].sum())

    def ordered(self, place: int) -> np.ndarray:
        """bool [customers]: who had ordered by the end of a rehearsed day."""
        return np.asarray(self.came_orders[:, place] > 0)

    def heading(self, what: str, place: int, clock: float, weight: float) -> float:
        """The total that is to be expected at the end of a rehearsed day, where the rest keeps so much of the pace."""
        if what == "buyers":
            return float(self.buyers.believed(self.ordered(place), clock, weight).sum())
        return total(self.forecast(what), self.came(what, place), clock, weight)


@dataclass(frozen=True)
class Passage:
    """A total of a window by the end of a rehearsed day, and of the `whole` window; `first` and `rest` tell what came
    until then and after as the share of the window in which so much is forecast."""

    buyers: Buyers | None
    came: float
    whole: float
    first: float
    rest: float

    @classmethod
    def of(cls, window: PastWindow, what: str, place: int) -> Passage:
        """That of a window."""
        came, whole, forecast = window.came(what, place), window.came(what, -1), window.forecast(what)
        if what == "buyers":
            others = Buyers(window.chance[~window.ordered(place)])
            return cls(window.buyers, came, whole, window.buyers.at(came), others.at(whole - came))
        first, rest = (came / forecast, (whole - came) / forecast) if forecast > 0 else (0.0, 0.0)
        return cls(None, came, whole, first, rest)


@dataclass(frozen=True)
class Learned:
    """What past windows tell at the end of a rehearsed day: where the `clock` stands, and how far the paces of first
    part and rest lay apart (root of the mean squared difference of logarithms; None: one window cannot tell)."""

    clock: float
    spread: float | None = None

    def weight(self, first: float) -> float:
        """How much of its pace a window keeps of which so large a part has come."""
        return kept(pace_of(first, self.clock), self.spread)


def learned(passages: Sequence[Passage]) -> Learned:
    """What windows tell of a total; one at least."""
    came, whole = [one.came for one in passages], [one.whole for one in passages]
    buyers = [one.buyers for one in passages if one.buyers is not None]
    clock = clock_of_buyers(buyers, came, whole) if buyers else clock_of_totals(came, whole)
    if len(passages) < 2:
        return Learned(clock)
    apart = [math.log(pace_of(one.first, clock) / pace_of(one.rest, 1 - clock)) for one in passages]
    return Learned(clock, math.sqrt(float(np.mean(np.square(apart)))))
