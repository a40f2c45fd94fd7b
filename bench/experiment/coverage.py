"""How often the intervals of a read-out hold the truth: once at the end, and at twenty looks on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bench.experiment.shapes import Shape
from foretell.experiments.comparison import Comparison, Outcome
from foretell.experiments.read_out import read_out

LOOKS = 20


@dataclass(frozen=True)
class Covered:
    """Shares of the redraws: the interval, the relative one, and the bounds for every look hold the truth; it lies
    under, or over, the interval. `width` is the interval's mean, `buyers` the least number of units in an arm whose
    outcome is not 0, in the mean."""

    shape: str
    redraws: int
    covers: float
    relative_covers: float
    always_covers: float
    under: float
    over: float
    width: float
    buyers: float


@dataclass(frozen=True)
class Looked:
    """Shares of the redraws: the bounds for every look, and the fixed interval, hold the truth at all of 20 looks.
    `claims` and `fixed_claims` are those that left out nothing at one look at least, `width` how many times wider the
    bounds are at the last look."""

    shape: str
    redraws: int
    covers: float
    fixed_covers: float
    claims: float
    fixed_claims: float
    width: float


def read(shape: Shape, arms: np.ndarray, outcome: Outcome) -> Comparison:
    """The one comparison of an experiment."""
    return read_out([outcome], arms, "control", shape.shares, planned=shape.units).comparisons[0]


def covered(shape: Shape, redraws: int, seed: int) -> Covered:
    """Read out as many experiments of a shape, each drawn anew."""
    random = np.random.default_rng(seed)
    found = [read(shape, *shape.experiment(random)) for _ in range(redraws)]
    under = np.array([shape.effect < one.low for one in found])  # type: ignore[operator]
    over = np.array([shape.effect > one.high for one in found])  # type: ignore[operator]
    relative = [_holds(one.relative_low, one.relative_high, shape.relative) for one in found]
    always = [_holds(one.always_low, one.always_high, shape.effect) for one in found]
    return Covered(
        shape.name,
        redraws,
        float(1 - (under | over).mean()),
        float(np.mean(relative)),
        float(np.mean(always)),
        float(under.mean()),
        float(over.mean()),
        float(np.mean([one.high - one.low for one in found])),  # type: ignore[operator]
        float(np.mean([min(one.buyers_control, one.buyers_arm) for one in found])),
    )


def looked(shape: Shape, redraws: int, seed: int) -> Looked:
    """Read out each experiment twenty times on the way, as units come in."""
    random = np.random.default_rng(seed)
    ends = np.linspace(0, shape.units, LOOKS + 1).astype(int)[1:]
    held, width = np.zeros((redraws, 4), dtype=bool), []
    for at in range(redraws):
        arms, outcome = shape.experiment(random)
        on_the_way = [read(shape, arms[:end], _first(outcome, end)) for end in ends]
        seen = [one for one in on_the_way if one.low is not None]
        held[at] = (
            all(_holds(one.always_low, one.always_high, shape.effect) for one in seen),
            all(_holds(one.low, one.high, shape.effect) for one in seen),
            all(_holds(one.always_low, one.always_high, 0.0) for one in seen),
            all(_holds(one.low, one.high, 0.0) for one in seen),
        )
        last = seen[-1]
        width.append((last.always_high - last.always_low) / (last.high - last.low))  # type: ignore[operator]
    shares = held.mean(axis=0)
    return Looked(
        shape.name,
        redraws,
        float(shares[0]),
        float(shares[1]),
        float(1 - shares[2]),
        float(1 - shares[3]),
        float(np.mean(width)),
    )


def _first(outcome: Outcome, units: int) -> Outcome:
    return replace(
        outcome,
        values=outcome.values[:units],
        per=None if outcome.per is None else outcome.per[:units],
        before={name: values[:units] for name, values in outcome.before.items()},
    )


def _holds(low: float | None, high: float | None, truth: float) -> bool:
    """An interval without an end holds everything."""
    return low is None or high is None or low <= truth <= high
