"""A score's change between two runs: how much is time passing, how much is behaviour, how much is a new model.

Six forecasts of a customer tell it: the old and the new model, each on the facts of then, on the same facts aged to the
new date (nothing known since), and on the facts of now. With f and g the links of the old and of the new model:

    time      = mean of f(aged) - f(then) and g(aged) - g(then)
    behaviour = mean of f(now) - f(aged)  and g(now) - g(aged), and what became known late of the time before
    model     = mean of g(then) - f(then) and g(now) - f(now)

Facts age before new ones arrive, as there are no new facts on the old day; but the model may be exchanged before or
after that, and the two paths give different parts. Their mean is the Shapley value of two players, facts and model
(Shapley 1953), that of the facts split in the order in which they come about (Owen 1977). It names neither order as the
right one, and the same change backwards has the same parts with the opposite sign.

The parts describe the forecasts; they are not causes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from foretell.models.links import bounded, from_link, to_link
from foretell.project.objectives import Kind

Seen = TypeVar("Seen")
PARTS = ("time", "behaviour", "model")
SAME = 1e-6
"""Links that differ by less are the same forecast."""


@dataclass(frozen=True)
class ScoreChange:
    """Forecasts before and after, and what moved them; every array is float64 [rows].

    `before` and `after` are on the link scale (logit of a chance, log of a count or amount, bounded as forecasts are);
    `before + time + behaviour + model` is `after`. `late` is the share of `behaviour` that became known late.
    """

    kind: Kind
    before: np.ndarray
    after: np.ndarray
    time: np.ndarray
    behaviour: np.ndarray
    model: np.ndarray
    late: np.ndarray

    @property
    def forecasts(self) -> tuple[np.ndarray, np.ndarray]:
        """The forecasts before and after: probabilities, or means."""
        return from_link(self.before, self.kind), from_link(self.after, self.kind)

    def shared(self) -> dict[str, np.ndarray]:
        """The parts in the unit of the forecast, by their names in `PARTS`: each has its share of the change in
        proportion to the link, so that they add up to `after - before` of `forecasts`.

        All are multiplied by the mean slope of the inverse link between the two forecasts. It is finite and positive
        also where parts cancel out, and the change is nothing.
        """
        slope = _mean_slope(self.before, self.after, self.kind)
        return {"time": self.time * slope, "behaviour": self.behaviour * slope, "model": self.model * slope}


def score_change(
    old: Callable[[Seen], np.ndarray],
    new: Callable[[Seen], np.ndarray],
    facts: tuple[Seen, Seen, Seen],
    kind: Kind,
    served: np.ndarray | None = None,
) -> ScoreChange:
    """What moved the forecasts of some customers.

    `old` and `new` forecast (such as `Fitted.predict`) from whatever they see of these customers, float64 [rows]:
    `facts` are the same rows as they were then, aged and now. `served` is what the old model forecast at the time,
    where that may differ from its forecast on the facts of then as they are known today: the difference became known
    late, and counts as behaviour.
    """
    then, aged, now = (np.array([to_link(model(seen), kind) for model in (old, new)]) for seen in facts)
    before = then[0] if served is None else to_link(served, kind)
    late = np.where(np.abs(then[0] - before) < SAME, 0.0, then[0] - before)
    before = then[0] - late
    return ScoreChange(
        kind,
        before,
        now[1],
        (aged - then).mean(axis=0),
        (now - aged).mean(axis=0) + late,
        (then[1] - then[0] + now[1] - now[0]) / 2,
        late,
    )


def rounded(parts: np.ndarray, whole: float) -> np.ndarray:
    """int64: parts in whole units that add up to a whole number, those with the largest remainder rounded up; what is
    nothing stays nothing where it can.

    >>> rounded(np.array([-31.4, 2.4, 2.4]), -27).tolist()
    [-31, 2, 2]
    >>> rounded(np.array([0.0, 1.0, 0.0]), 2).tolist()
    [0, 2, 0]
    """
    found = np.floor(parts)
    missing = round(whole - found.sum())
    remainder = parts - found
    ranked = np.lexsort((-remainder if missing > 0 else remainder, parts == 0))
    np.add.at(found, np.resize(ranked, abs(missing)), np.sign(missing))
    return np.asarray(found, dtype=np.int64)


def _mean_slope(before: np.ndarray, after: np.ndarray, kind: Kind) -> np.ndarray:
    """(inverse link at b - at a) / (b - a), by hyperbolic functions, so that it is exact where a and b are close:
    sinh(h) / h / (4 cosh(a/2) cosh(b/2)) of a logit, exp((a + b) / 2) sinh(h) / h of a log, with h = (b - a) / 2."""
    a, b = bounded(before, kind), bounded(after, kind)
    half = (b - a) / 2
    steep = np.divide(np.sinh(half), half, out=np.ones(len(half)), where=np.abs(half) > 1e-12)
    if kind == "probability":
        return np.asarray(steep / (4 * np.cosh(a / 2) * np.cosh(b / 2)))
    return np.asarray(np.exp((a + b) / 2) * steep)
