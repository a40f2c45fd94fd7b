"""The rehearsal: what estimates before the truth were worth at the past cutoffs, where the truth is known.

At each test cutoff the estimate is made from what was known then, at the start of the window and after each part of it,
and held against what came. What is learned of other windows (the clock, how much of a pace lasts) is learned at the
other tests alone. Where what has come in a part of the window made an estimate no better, it is left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from foretell.backtest.forecast import Forecast
from foretell.outcomes.estimates.confidence import expected_measures, realised_measures
from foretell.outcomes.estimates.pace import UNLEARNED, WEIGHTS, Buyers, clock_of_buyers, clock_of_totals, total
from foretell.storage.artefacts import Artefact

PARTS = 8
"""A window is rehearsed after each eighth of it, in whole days."""
TOTALS = ("buyers", "orders", "spend")
TOTAL = "total"
"""The measure of `TOTALS`: what came as a share of what was forecast."""
BY_ARRIVALS = ("purchase", "churn")
FEWEST_APART = 2
OUTSIDE = 0.1


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


@dataclass(frozen=True)
class Rehearsed:
    """An estimate at each test, oldest first, beside what was realised. `by_arrivals` says whether it reads what has
    come in the part of the window that has passed."""

    objective: str
    metric: str
    estimated: tuple[float, ...]
    realised: tuple[float, ...]
    by_arrivals: bool = False

    @property
    def spread(self) -> float:
        """The root of the mean squared error."""
        return math.sqrt(float(np.mean(np.square(np.subtract(self.estimated, self.realised)))))

    def error(self, apart: int) -> float | None:
        """What nine of ten errors of the next estimate stay below, up or down, if errors are normal and around 0: that
        quantile of Student's t with as many degrees as tests lie apart; None under two of them."""
        if apart < FEWEST_APART:
            return None
        from scipy.stats import t  # noqa: PLC0415  SciPy is loaded by those who ask

        return float(t.ppf(1 - OUTSIDE / 2, min(apart, len(self.estimated)))) * self.spread


@dataclass(frozen=True)
class Stage:
    """The rehearsal after `day` days of the window (0: at its start): where the clock stands, and how much of its pace
    the rest of a window keeps, by `TOTALS`."""

    day: int
    rows: tuple[Rehearsed, ...]
    clocks: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)

    def of(self, objective: str, metric: str) -> Rehearsed | None:
        """The rehearsal of one estimate; None without it."""
        return next((one for one in self.rows if (one.objective, one.metric) == (objective, metric)), None)


@dataclass(frozen=True)
class Rehearsal:
    """Rehearsed at `tests` cutoffs, of which so many lie `apart` (their windows do not overlap); nothing where
    `missing` says why."""

    tests: int = 0
    apart: int = 0
    stages: tuple[Stage, ...] = ()
    missing: str = ""

    def at(self, day: int) -> Stage | None:
        """The last stage of a window of which so many days have passed; None without any."""
        return next((one for one in reversed(self.stages) if one.day <= day), None)


NOT_REHEARSED = Rehearsal(missing="nothing was rehearsed")
REHEARSAL: Artefact[Rehearsal] = Artefact("rehearsal", Rehearsal)


def rehearsed_days(horizon_days: int) -> tuple[int, ...]:
    """The ends of the parts of a window, in days after its begin, without its own end.

    >>> rehearsed_days(60), rehearsed_days(3)
    ((8, 15, 22, 30, 38, 45, 52), (1, 2))
    """
    ends = (round(part * horizon_days / PARTS) for part in range(1, PARTS))
    return tuple(dict.fromkeys(day for day in ends if 0 < day < horizon_days))


def rehearsed(windows: Sequence[PastWindow], days: Sequence[int], apart: int) -> Rehearsal:
    """Every estimate at every test, oldest first; `days` are those of the windows."""
    if not windows:
        return Rehearsal(missing="nothing was tested")
    start = Stage(0, tuple(_at_start(windows)))
    later = [_after(windows, place, day, start) for place, day in enumerate(days)] if len(windows) > 1 else []
    return Rehearsal(len(windows), apart, (start, *later))


def _at_start(windows: Sequence[PastWindow]) -> Iterator[Rehearsed]:
    for what in TOTALS:
        yield Rehearsed(what, TOTAL, (1.0,) * len(windows), _realised(windows, what))
    asked = dict.fromkeys(question.objective for one in windows for question in one.questions)
    for objective in asked:
        own = [question for one in windows for question in one.questions if question.objective == objective]
        yield from _measures([(one, one.predicted) for one in own], by_arrivals=False)


def _after(windows: Sequence[PastWindow], place: int, day: int, start: Stage) -> Stage:
    """The stage at the end of a rehearsed day: each estimate by what had come, or as at the start where that was no
    worse."""
    alone = [[*windows[:test], *windows[test + 1 :]] for test in range(len(windows))]
    learned = {what: [_learned(others, what, place) for others in alone] for what in TOTALS}
    rows = [
        Rehearsed(what, TOTAL, _estimated(windows, what, place, told), _realised(windows, what), by_arrivals=True)
        for what, told in learned.items()
    ]
    for objective in BY_ARRIVALS:
        own = [
            (question, believed_of(question, one, place, told))
            for one, told in zip(windows, learned["buyers"], strict=True)
            for question in one.questions
            if question.objective == objective
        ]
        rows += _measures(own, by_arrivals=True) if own else ()
    kept = [min((one, start.of(one.objective, one.metric) or one), key=lambda told: told.spread) for one in rows]
    by_all = {what: _learned(windows, what, place) for what in TOTALS}
    return Stage(
        day,
        tuple(kept),
        {what: clock for what, (clock, _) in by_all.items()},
        {what: weight for what, (_, weight) in by_all.items()},
    )


def _learned(windows: Sequence[PastWindow], what: str, place: int) -> tuple[float, float]:
    """Clock and weight by some windows: of the weights the one that would have missed least, each window told by the
    clock of the others; the middle one where there are no others."""
    tests = range(len(windows))
    weight = UNLEARNED
    if len(windows) > 1:
        clocks = [clock_at([windows[other] for other in tests if other != test], what, place) for test in tests]
        came = np.array(_realised(windows, what))
        told = [_estimated(windows, what, place, [(clock, one) for clock in clocks]) for one in WEIGHTS]
        weight = WEIGHTS[int(np.argmin(np.square(np.array(told) - came).sum(axis=1)))]
    return clock_at(windows, what, place), weight


def _estimated(
    windows: Sequence[PastWindow], what: str, place: int, learned: Sequence[tuple[float, float]]
) -> tuple[float, ...]:
    """A total of each window, as a share of its forecast."""
    return tuple(_share(one, what, _total(one, what, place, told)) for one, told in zip(windows, learned, strict=True))


def clock_at(windows: Sequence[PastWindow], what: str, place: int) -> float:
    """Where the clock stood at the end of a rehearsed day, by all of these windows."""
    came, whole = [one.came(what, place) for one in windows], [one.came(what, -1) for one in windows]
    if what == "buyers":
        return clock_of_buyers([one.buyers for one in windows], came, whole)
    return clock_of_totals(came, whole)


def believed_of(question: Forecast, window: PastWindow, place: int, told: tuple[float, float]) -> np.ndarray:
    """float64 [rows]: the chances of a question of `BY_ARRIVALS`, by clock and weight, where it is known who has
    ordered by the end of a rehearsed day."""
    rows = np.searchsorted(window.key, question.customer_key)
    chance = window.buyers.believed(window.came_orders[:, place] > 0, *told)[rows]
    return 1 - chance if question.objective == "churn" else chance


def _total(one: PastWindow, what: str, place: int, told: tuple[float, float]) -> float:
    if what == "buyers":
        return float(one.buyers.believed(one.came_orders[:, place] > 0, *told).sum())
    return total(one.forecast(what), one.came(what, place), *told)


def _share(one: PastWindow, what: str, value: float) -> float:
    forecast = one.forecast(what)
    return value / forecast if forecast > 0 else 1.0


def _realised(windows: Sequence[PastWindow], what: str) -> tuple[float, ...]:
    return tuple(_share(one, what, one.came(what, -1)) for one in windows)


def _measures(own: Sequence[tuple[Forecast, np.ndarray]], by_arrivals: bool) -> Iterator[Rehearsed]:
    """Each measure of one question at the tests that have a value of it."""
    told = [expected_measures(one.predicted, chance, one.threshold) for one, chance in own]
    came = [realised_measures(one.predicted, one.actual, one.threshold) for one, _ in own]
    for name in dict.fromkeys(name for found in came for name in found):
        pairs = [(guess.get(name, math.nan), true.get(name, math.nan)) for guess, true in zip(told, came, strict=True)]
        known = [pair for pair in pairs if np.isfinite(pair).all()]
        if known:
            estimated, realised = zip(*known, strict=True)
            yield Rehearsed(own[0][0].objective, name, estimated, realised, by_arrivals)
