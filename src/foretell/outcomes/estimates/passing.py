"""Windows of which a part has passed: what came in it and in the rest, and what several of them tell of another one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from foretell.backtest.forecast import Forecast
from foretell.outcomes.estimates.pace import Buyers, clock_of_buyers, clock_of_totals, pace_of, share_of, weight_of

TOTALS = ("buyers", "orders", "spend")
OUTSIDE, Z = 0.1, 1.645


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

    def passage(self, what: str, place: int) -> Passage:
        """A total by the end of a rehearsed day."""
        came, whole, forecast = self.came(what, place), self.came(what, -1), self.forecast(what)
        by_customer = self.came_spend if what == "spend" else self.came_orders
        first, both = by_customer[:, place], by_customer[:, -1]
        if what == "buyers":
            first, both = first > 0, both > 0
        chance = float(np.linalg.norm(first)), float(np.linalg.norm(both.astype(np.float64) - first))
        if what == "buyers":
            return Passage(forecast, came, whole, chance, self.buyers, Buyers(self.chance[~self.ordered(place)]))
        return Passage(forecast, came, whole, chance)


@dataclass(frozen=True)
class Passage:
    """A total of a window: what was `forecast`, what `came` in its first part and in the `whole` of it (NaN: not known
    yet); `chance` is the standard deviation of first part and rest where customers come by chance alone (the root of
    their sum of squares). Where buyers are counted, all as `buyers`, and the `others`, who had not ordered by then."""

    forecast: float
    came: float
    whole: float = math.nan
    chance: tuple[float, float] = (0.0, 0.0)
    buyers: Buyers | None = None
    others: Buyers | None = None

    @cached_property
    def first(self) -> float:
        """The share of the window in which so much is forecast as came in the first part."""
        return self.buyers.at(self.came) if self.buyers else self.share(self.came)

    @cached_property
    def rest(self) -> float:
        """The same of what came after."""
        return self.others.at(self.whole - self.came) if self.others else self.share(self.whole - self.came)

    def share(self, total: float) -> float:
        """A total as a share of what was forecast."""
        return total / self.forecast if self.forecast > 0 else 1.0

    def usual(self, clock: float) -> float:
        """What is forecast until the clock stands there."""
        return self.buyers.by(clock) if self.buyers else self.forecast * clock

    def heading(self, clock: float, pace: float) -> float:
        """The total where the rest goes at a pace."""
        part = (1 - clock) * pace
        return self.came + (self.others.by(part) if self.others else self.forecast * part)


@dataclass(frozen=True)
class Learned:
    """What past windows tell at the end of a rehearsed day: where the `clock` stands; within which bound the paces
    of first part and rest lay `apart` (logarithms), and what they headed for `missed` what came, as a share of the
    forecast (None: one window cannot tell)."""

    clock: float
    apart: float | None = None
    missed: float | None = None

    def pace(self, passage: Passage) -> float:
        """The pace of the rest of a window, by that of its first part."""
        first = math.log(pace_of(passage.first, self.clock))
        return math.exp(first * weight_of(first, self.apart))

    def believed(self, passage: Passage, pace: float) -> float:
        """How much is believed of what a window heads for, the rest at a pace, against the forecast; 0 to 1."""
        return weight_of(passage.share(passage.heading(self.clock, pace)) - 1, self.missed)

    def total(self, passage: Passage, pace: float) -> float:
        """What is to be expected of a window in all."""
        change = passage.heading(self.clock, pace) - passage.forecast
        return passage.forecast + self.believed(passage, pace) * change

    def chances(self, buyers: Buyers, passage: Passage, ordered: np.ndarray, pace: float) -> np.ndarray:
        """float64 [customers]: the chances of an order that sum to that total; `ordered` (bool) are those who have."""
        heading = np.where(ordered, 1.0, share_of(buyers.chance, (1 - self.clock) * pace))
        return buyers.chance + self.believed(passage, pace) * (heading - buyers.chance)


def learned(passages: Sequence[Passage]) -> Learned:
    """What windows tell of a total; one at least. No bound is narrower than customers' chance alone makes it."""
    came, whole = [one.came for one in passages], [one.whole for one in passages]
    buyers = [one.buyers for one in passages if one.buyers is not None]
    clock = clock_of_buyers(buyers, came, whole) if buyers else clock_of_totals(came, whole)
    if len(passages) < 2:
        return Learned(clock)
    apart = [math.log(pace_of(one.first, clock) / pace_of(one.rest, 1 - clock)) for one in passages]
    by_chance = [_relative(one.chance[0], one.came) for one in passages]
    by_chance += [_relative(one.chance[1], one.whole - one.came) for one in passages]
    told = Learned(clock, max(bound_of(apart, len(apart)), Z * math.hypot(*by_chance) / math.sqrt(len(passages))))
    missed = [one.share(one.heading(clock, told.pace(one))) - one.share(one.whole) for one in passages]
    of_rest = [_relative(one.chance[1], one.forecast) for one in passages]
    bound = max(bound_of(missed, len(missed)), Z * math.hypot(*of_rest) / math.sqrt(len(passages)))
    return replace(told, missed=bound)


def _relative(chance: float, total: float) -> float:
    return chance / total if total > 0 else 1.0


def bound_of(errors: Sequence[float], tests: int) -> float:
    """What nine of ten errors like these stay below, up or down, if they are normal and around 0: the root of their
    mean square times that quantile of Student's t with so many degrees of freedom."""
    from scipy.stats import t  # noqa: PLC0415  SciPy is loaded by those who ask

    return float(t.ppf(1 - OUTSIDE / 2, tests)) * math.sqrt(float(np.mean(np.square(errors))))
