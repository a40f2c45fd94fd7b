"""The rehearsal: what estimates before the truth were worth at the past cutoffs, where the truth is known.

At each test cutoff the estimate is made from what was known then, at the start of the window and after each part of it,
and held against what came. What is learned of other windows (the clock, how far paces last) is learned at the
other tests alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from foretell.backtest.forecast import Forecast
from foretell.outcomes.estimates.confidence import expected_measures, realised_measures
from foretell.outcomes.estimates.passing import TOTALS, Learned, PastWindow, bound_of, learned
from foretell.storage.artefacts import Artefact

PARTS = 8
"""A window is rehearsed after each eighth of it, in whole days."""
TOTAL = "total"
"""The measure of `TOTALS`: what came as a share of what was forecast."""
BY_ARRIVALS = ("purchase", "churn")
FEWEST_APART = 2


@dataclass(frozen=True)
class Rehearsed:
    """An estimate at each test, oldest first, beside what was realised."""

    objective: str
    metric: str
    estimated: tuple[float, ...]
    realised: tuple[float, ...]

    @property
    def spread(self) -> float:
        """The root of the mean squared error."""
        return math.sqrt(float(np.mean(np.square(np.subtract(self.estimated, self.realised)))))

    def error(self, apart: int) -> float | None:
        """What nine of ten errors of the next estimate stay below; None under two windows that lie apart."""
        errors = np.subtract(self.estimated, self.realised)
        return bound_of(errors.tolist(), min(apart, len(errors))) if apart >= FEWEST_APART else None


@dataclass(frozen=True)
class Stage:
    """The rehearsal after `day` days of the window (0: at its start), and what all tests tell of each of `TOTALS` by
    then."""

    day: int
    rows: tuple[Rehearsed, ...]
    told: Mapping[str, Learned] = field(default_factory=dict)

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
    later = [_after(windows, place, day) for place, day in enumerate(days)] if len(windows) > 1 else []
    return Rehearsal(len(windows), apart, (start, *later))


def _at_start(windows: Sequence[PastWindow]) -> Iterator[Rehearsed]:
    for what in TOTALS:
        yield Rehearsed(what, TOTAL, (1.0,) * len(windows), _realised(windows, what))
    asked = dict.fromkeys(question.objective for one in windows for question in one.questions)
    for objective in asked:
        own = [question for one in windows for question in one.questions if question.objective == objective]
        yield from _measures([(one, one.predicted) for one in own])


def _after(windows: Sequence[PastWindow], place: int, day: int) -> Stage:
    """The stage at the end of a rehearsed day."""
    rows, told = list[Rehearsed](), dict[str, Learned]()
    for what in TOTALS:
        passages = [one.passage(what, place) for one in windows]
        told[what] = learned(passages)
        by_others = [learned([*passages[:test], *passages[test + 1 :]]) for test in range(len(windows))]
        pairs = list(zip(by_others, passages, strict=True))
        shares = tuple(own.share(others.total(own, others.pace(own))) for others, own in pairs)
        rows.append(Rehearsed(what, TOTAL, shares, _realised(windows, what)))
        if what == "buyers":
            ordering = [
                others.chances(window.buyers, own, window.ordered(place), others.pace(own))
                for window, (others, own) in zip(windows, pairs, strict=True)
            ]
            rows += _of_questions(windows, ordering)
    return Stage(day, tuple(rows), told)


def _of_questions(windows: Sequence[PastWindow], ordering: Sequence[np.ndarray]) -> Iterator[Rehearsed]:
    """The measures of `BY_ARRIVALS`, by what is believed of everybody's chance of an order."""
    for objective in BY_ARRIVALS:
        own = []
        for window, chances in zip(windows, ordering, strict=True):
            for question in (one for one in window.questions if one.objective == objective):
                chance = chances[np.searchsorted(window.key, question.customer_key)]
                own.append((question, 1 - chance if objective == "churn" else chance))
        yield from _measures(own) if own else ()


def _realised(windows: Sequence[PastWindow], what: str) -> tuple[float, ...]:
    return tuple(one.passage(what, -1).share(one.came(what, -1)) for one in windows)


def _measures(own: Sequence[tuple[Forecast, np.ndarray]]) -> Iterator[Rehearsed]:
    """Each measure of one question at the tests that have a value of it."""
    told = [expected_measures(one.predicted, chance, one.threshold) for one, chance in own]
    came = [realised_measures(one.predicted, one.actual, one.threshold) for one, _ in own]
    for name in dict.fromkeys(name for found in came for name in found):
        pairs = [(guess.get(name, math.nan), true.get(name, math.nan)) for guess, true in zip(told, came, strict=True)]
        known = [pair for pair in pairs if np.isfinite(pair).all()]
        if known:
            estimated, realised = zip(*known, strict=True)
            yield Rehearsed(own[0][0].objective, name, estimated, realised)
