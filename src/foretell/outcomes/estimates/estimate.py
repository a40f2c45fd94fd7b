"""Estimates of a forecast that is not ripe: how good it will prove, told only where they show more than their error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from foretell.outcomes.estimates.confidence import expected_measures
from foretell.outcomes.estimates.pace import Buyers, total
from foretell.outcomes.estimates.rehearsal import BY_ARRIVALS, TOTAL, TOTALS, Rehearsal, Stage
from foretell.words.metrics import best_first

SEES = (
    "Estimates from chances see that other customers are there than before; that customers behave otherwise they see "
    "only by what has come so far."
)


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
    order, float64 [customers]; `totals` are those that were forecast."""
    start, stage = rehearsal.at(0), rehearsal.at(so_far.day if so_far else 0)
    if start is None or stage is None:
        return
    for what in TOTALS:
        yield from _of_total(what, totals[what], (chance, so_far), stage, rehearsal)
    ordering = _believed(chance, so_far, stage)
    for objective, asked in questions.items():
        by_ways = {False: asked.predicted}
        if ordering is not None and objective in BY_ARRIVALS:
            own = ordering[asked.rows]
            by_ways[True] = 1 - own if objective == "churn" else own
        found = {way: expected_measures(asked.predicted, own, asked.threshold) for way, own in by_ways.items()}
        for name in found[False]:
            row, promise = stage.of(objective, name) or start.of(objective, name), promised.get((objective, name))
            if row is None or promise is None or not np.isfinite(found[row.by_arrivals][name]):
                continue
            change = found[row.by_arrivals][name] - promise
            error = row.error(rehearsal.apart)
            yield Estimate(objective, name, promise, change, error, len(row.realised), rehearsal.apart, row.by_arrivals)


def _believed(chance: np.ndarray, so_far: SoFar | None, stage: Stage) -> np.ndarray | None:
    if so_far is None or not stage.clocks:
        return None
    return Buyers(chance).believed(so_far.ordered, stage.clocks["buyers"], stage.weights["buyers"])


def _of_total(
    what: str, forecast: float, told: tuple[np.ndarray, SoFar | None], stage: Stage, rehearsal: Rehearsal
) -> Iterator[Estimate]:
    chance, so_far = told
    row = stage.of(what, TOTAL)
    if row is None or not forecast > 0:
        return
    change, came, by_now = 0.0, None, None
    if so_far is not None and stage.clocks:
        clock, weight, came = stage.clocks[what], stage.weights[what], so_far.of(what)
        by_now, heading = forecast * clock, total(forecast, came, clock, weight)
        if what == "buyers":
            buyers = Buyers(chance)
            by_now, heading = buyers.by(clock), float(buyers.believed(so_far.ordered, clock, weight).sum())
        change = heading - forecast if row.by_arrivals else 0.0
    share = row.error(rehearsal.apart)
    error = None if share is None else share * forecast
    figures = (len(row.realised), rehearsal.apart, row.by_arrivals, came, by_now)
    yield Estimate(what, TOTAL, forecast, change, error, *figures)
