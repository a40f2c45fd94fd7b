"""Estimates of a forecast that is not ripe: how good it will prove, told only where they show more than their error."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from foretell.outcomes.estimates.confidence import expected_measures
from foretell.outcomes.estimates.pace import Buyers, total
from foretell.outcomes.estimates.rehearsal import BY_ARRIVALS, TOTAL, TOTALS, Rehearsal, Rehearsed, Stage
from foretell.words.metrics import best_first

SEES = (
    "Estimates from chances see that other customers are there than before; that customers behave otherwise they see "
    "only by what has come so far."
)
ENDS = (0.0, 1.0)
"""A rest of the window that keeps nothing of its pace, and one that keeps all of it."""


@dataclass(frozen=True)
class Asked:
    """A question of an unripe forecast: chances float64 [customers] of whom it is asked, the threshold that was chosen
    before, and which rows of all customers they are (bool)."""

    predicted: np.ndarray
    threshold: float | None
    rows: np.ndarray


@dataclass(frozen=True)
class SoFar:
    """What has come of a forecast by the end of `day`, a rehearsed one: who has ordered, bool [customers], orders and
    spend in all."""

    day: int
    ordered: np.ndarray
    orders: float
    spend: float

    def of(self, what: str) -> float:
        """A total of `TOTALS`."""
        return {"buyers": float(self.ordered.sum()), "orders": self.orders, "spend": self.spend}[what]


@dataclass(frozen=True)
class Estimate:
    """A measure before the truth: `value` with `error`, which nine of ten such estimates keep to by `tests` past
    cutoffs of which so many lie `apart`, beside what was `promised`. None as value: the error is larger than the
    change from the promise would be (`change`), or not known. Of a total `promised` is the forecast, `so_far` what has
    come and `expected_by_now` what was expected by then."""

    objective: str
    metric: str
    promised: float
    change: float
    error: float | None
    tests: int
    apart: int
    by_arrivals: bool
    so_far: float | None = None
    expected_by_now: float | None = None

    @property
    def can_be_told(self) -> bool:
        """Whether it differs from the promise by more than its error."""
        return self.error is not None and abs(self.change) > self.error

    @property
    def value(self) -> float | None:
        """The estimate; None where it cannot be told yet."""
        return self.promised + self.change if self.can_be_told else None

    @property
    def verdict(self) -> str:
        """`better`, `worse`, of totals `more` or `less`; `cannot be told yet` where its error is larger.

        >>> Estimate("purchase", "auroc", 0.8, -0.05, 0.02, 3, 3, False).verdict
        'worse'
        """
        if not self.can_be_told:
            return "cannot be told yet"
        if self.metric == TOTAL:
            return "more" if self.change > 0 else "less"
        now = best_first(self.metric, self.promised + self.change)
        return "better" if now < best_first(self.metric, self.promised) else "worse"

    def as_json(self) -> dict[str, Any]:
        """Plain values; the estimate and its change are null where they cannot be told."""
        told = {**asdict(self), "value": self.value, "verdict": self.verdict}
        return told if self.can_be_told else {**told, "change": None}


@dataclass(frozen=True)
class Estimates:
    """All estimates of a forecast by the end of `day` of its window (0: by its chances alone); nothing where `missing`
    says why."""

    day: int = 0
    each: tuple[Estimate, ...] = ()
    missing: str = ""
    currency: str = ""

    def as_plain(self) -> dict[str, Any]:
        """Plain values, from which `restored` makes the same."""
        return asdict(self)

    @classmethod
    def restored(cls, plain: Mapping[str, Any]) -> Estimates:
        """The estimates that these plain values tell."""
        return cls(**{**plain, "each": tuple(Estimate(**one) for one in plain["each"])})


def estimates_of(
    chance: np.ndarray,
    questions: Mapping[str, Asked],
    totals: Mapping[str, float],
    rehearsal: Rehearsal,
    so_far: SoFar | None,
    promised: Mapping[tuple[str, str], float],
) -> Iterator[Estimate]:
    """Every estimate that was rehearsed: first the totals, then the measures that were promised. `chance` is of an
    order, float64 [customers]; `totals` are those that were forecast.

    To the error that the tests tell comes, where what has come so far is read, what lies between a rest of the window
    that keeps its pace and one that does not: where more is new than at any test, more is open.
    """
    start, stage = rehearsal.at(0), rehearsal.at(so_far.day if so_far else 0)
    if start is None or stage is None:
        return
    for what in TOTALS:
        row = stage.of(what, TOTAL)
        if row is not None and totals[what] > 0:
            yield _total(row, totals[what], _Heading(Buyers(chance), so_far, stage), rehearsal.apart)
    ways = _beliefs(chance, so_far, stage)
    for objective, asked in questions.items():
        for name, figures in _by_way(objective, asked, ways).items():
            row, promise = stage.of(objective, name) or start.of(objective, name), promised.get((objective, name))
            if row is None or promise is None:
                continue
            told = figures[1:] if row.by_arrivals else figures[:1]
            if np.isfinite(told).all():
                error = _with_doubt(row.error(rehearsal.apart), told)
                tests = (len(row.realised), rehearsal.apart, row.by_arrivals)
                yield Estimate(objective, name, promise, told[0] - promise, error, *tests)


@dataclass(frozen=True)
class _Heading:
    """What a window heads for, by its first days."""

    buyers: Buyers
    so_far: SoFar | None
    stage: Stage

    def by_now(self, what: str, forecast: float) -> float:
        """How much was expected to come by now."""
        clock = self.stage.clocks[what]
        return self.buyers.by(clock) if what == "buyers" else forecast * clock

    def total(self, what: str, forecast: float, so_far: SoFar, weight: float) -> float:
        """How much comes in all, where the rest keeps so much of the pace."""
        clock = self.stage.clocks[what]
        if what == "buyers":
            return float(self.buyers.believed(so_far.ordered, clock, weight).sum())
        return total(forecast, so_far.of(what), clock, weight)


def _total(row: Rehearsed, forecast: float, heading: _Heading, apart: int) -> Estimate:
    what, so_far, share = row.objective, heading.so_far, row.error(apart)
    error = None if share is None else share * forecast
    tests = (len(row.realised), apart, row.by_arrivals)
    if so_far is None or not heading.stage.clocks:
        return Estimate(what, TOTAL, forecast, 0.0, error, *tests)
    weights = (heading.stage.weights[what], *ENDS)
    told = [heading.total(what, forecast, so_far, weight) for weight in weights] if row.by_arrivals else [forecast]
    by_now = (so_far.of(what), heading.by_now(what, forecast))
    return Estimate(what, TOTAL, forecast, told[0] - forecast, _with_doubt(error, told), *tests, *by_now)


def _beliefs(chance: np.ndarray, so_far: SoFar | None, stage: Stage) -> list[np.ndarray]:
    """Chances of an order by what has come: with the pace kept as was learned, not at all, and in full; none at the
    start."""
    if so_far is None or not stage.clocks:
        return []
    buyers, clock = Buyers(chance), stage.clocks["buyers"]
    return [buyers.believed(so_far.ordered, clock, weight) for weight in (stage.weights["buyers"], *ENDS)]


def _by_way(objective: str, asked: Asked, ways: Sequence[np.ndarray]) -> dict[str, list[float]]:
    """Each measure by the chances themselves, and by each belief where the question is told by one."""
    own = [asked.predicted]
    if objective in BY_ARRIVALS:
        own += [1 - way[asked.rows] if objective == "churn" else way[asked.rows] for way in ways]
    told = [expected_measures(asked.predicted, believed, asked.threshold) for believed in own]
    return {name: [one[name] for one in told] for name in told[0]}


def _with_doubt(error: float | None, told: Sequence[float]) -> float | None:
    """The error with what is open of the rest; `told` is the estimate, and that of both ends where they are known."""
    return error if error is None or len(told) == 1 else math.hypot(error, told[-1] - told[-2])
