"""Estimates of a forecast that is not ripe: how good it will prove, told only where they show more than their error."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from foretell.outcomes.estimates.confidence import expected_measures
from foretell.outcomes.estimates.pace import Buyers, pace_of
from foretell.outcomes.estimates.passing import TOTALS, Learned, Passage
from foretell.outcomes.estimates.rehearsal import BY_ARRIVALS, TOTAL, Rehearsal, Rehearsed, Stage
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

    def passage(self, what: str, forecast: float, chance: np.ndarray) -> Passage:
        """A total of `TOTALS` by then; `chance` is of an order, float64 [customers]."""
        if what == "buyers":
            return Passage(
                forecast, float(self.ordered.sum()), buyers=Buyers(chance), others=Buyers(chance[~self.ordered])
            )
        return Passage(forecast, self.orders if what == "orders" else self.spend)


@dataclass(frozen=True)
class Estimate:
    """A measure before the truth: how far it lies from what was `promised` (`change`), and how far if the rest of the
    window goes at its usual pace, or at that of the first part (`ends`). Nine of ten such estimates kept to
    `tested_error` at `tests` past cutoffs, of which so many lie `apart` (None: not known). Of a total the promise is
    the forecast, `so_far` what has come and `expected_by_now` what is usual by then."""

    objective: str
    metric: str
    promised: float
    change: float
    ends: tuple[float, float]
    tested_error: float | None
    tests: int
    apart: int
    so_far: float | None = None
    expected_by_now: float | None = None

    @property
    def can_be_told(self) -> bool:
        """Whether it differs from the promise by more than its error at the tests, whatever the rest keeps."""
        told = (self.change, *self.ends)
        one_sided = min(told) > 0 or max(told) < 0
        return self.tested_error is not None and one_sided and min(map(abs, told)) > self.tested_error

    @property
    def error(self) -> float | None:
        """The error at the tests, and what is open of the rest: where more is new than at any test, more is open."""
        return None if self.tested_error is None else math.hypot(self.tested_error, self.ends[1] - self.ends[0])

    @property
    def value(self) -> float | None:
        """The estimate; None where it cannot be told yet."""
        return self.promised + self.change if self.can_be_told else None

    @property
    def verdict(self) -> str:
        """`better`, `worse`, of totals `more` or `less`; `cannot be told yet` where its error is larger.

        >>> Estimate("purchase", "auroc", 0.8, -0.05, (-0.05, -0.05), 0.02, 3, 3).verdict
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
        told = {**asdict(self), "error": self.error, "value": self.value, "verdict": self.verdict}
        return told if self.can_be_told else {**told, "change": None, "ends": None}


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
        each = (Estimate(**{**one, "ends": tuple(one["ends"])}) for one in plain["each"])
        return cls(**{**plain, "each": tuple(each)})


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
        row = stage.of(what, TOTAL)
        if row is not None and totals[what] > 0:
            yield _total(row, totals[what], chance, (stage, so_far), rehearsal.apart)
    beliefs = _beliefs(chance, totals["buyers"], stage, so_far)
    for objective, asked in questions.items():
        own = [asked.predicted]
        if beliefs and objective in BY_ARRIVALS:
            own = [1 - way[asked.rows] if objective == "churn" else way[asked.rows] for way in beliefs]
        found = [expected_measures(asked.predicted, believed, asked.threshold) for believed in own]
        for name in found[0]:
            row, promise = stage.of(objective, name) or start.of(objective, name), promised.get((objective, name))
            figures = [one[name] for one in found]
            if row is not None and promise is not None and np.isfinite(figures).all():
                yield _estimate(row, promise, figures, rehearsal.apart)


def _estimate(row: Rehearsed, promise: float, figures: Sequence[float], apart: int) -> Estimate:
    """The estimate of a row: `figures` are what is expected, and where something has come, what is with a rest at its
    usual pace and at that of the first part."""
    error, scale = row.error(apart), promise if row.metric == TOTAL else 1.0
    change, low, high = (float(figure - promise) for figure in (figures if len(figures) > 1 else [*figures] * 3))
    tested = None if error is None else error * scale
    return Estimate(row.objective, row.metric, promise, change, (low, high), tested, len(row.realised), apart)


def _total(
    row: Rehearsed, forecast: float, chance: np.ndarray, told: tuple[Stage, SoFar | None], apart: int
) -> Estimate:
    stage, so_far = told
    if so_far is None or not stage.told:
        return _estimate(row, forecast, [forecast], apart)
    learned, passage = stage.told[row.objective], so_far.passage(row.objective, forecast, chance)
    figures = [learned.total(passage, pace) for pace in _paces(learned, passage)]
    by_now = passage.usual(learned.clock)
    return replace(_estimate(row, forecast, figures, apart), so_far=passage.came, expected_by_now=by_now)


def _beliefs(chance: np.ndarray, forecast: float, stage: Stage, so_far: SoFar | None) -> list[np.ndarray]:
    """Chances of an order by what has come, for each pace of the rest; none at the start."""
    if so_far is None or not stage.told:
        return []
    learned, passage = stage.told["buyers"], so_far.passage("buyers", forecast, chance)
    return [learned.chances(Buyers(chance), passage, so_far.ordered, pace) for pace in _paces(learned, passage)]


def _paces(learned: Learned, passage: Passage) -> tuple[float, float, float]:
    """The pace of the rest as it was learned, as usual, and as in the first part."""
    return learned.pace(passage), 1.0, pace_of(passage.first, learned.clock)
