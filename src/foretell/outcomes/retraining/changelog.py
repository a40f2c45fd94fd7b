"""The changelog of a model version: what changed against the one before it, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.outcomes.retraining.model_version import ModelVersion
from foretell.words.wording import change, count, counted, joined, model_name, percent, shown

MOVED_POINTS = 0.05
LEAST_WEIGHT = 0.01
SMALLEST_SEGMENT = 30
MOST_NAMED = 5
MOST_SEGMENTS = 3


@dataclass(frozen=True)
class Moved:
    """How the chance of an order differs from what the version before says of the same customers on the same day:
    `mean` in all, of `customers`; `many` of them by more than five points, `up` of these upwards. `segments` are those
    whose mean moved most, with that."""

    customers: int
    many: int
    up: int
    mean: float
    segments: tuple[tuple[str, float], ...]

    @classmethod
    def between(cls, now: np.ndarray, before: np.ndarray, segment: Sequence[str | None]) -> Moved:
        """Told from chances, float64 [customers], in one order; segments with fewer than 30 customers are not named."""
        by = now - before
        far = np.abs(by) > MOVED_POINTS
        names = np.array([one or "" for one in segment], dtype=object)
        means = [
            (str(name), float(by[names == name].mean())) for name in sorted({*names} - {""}) if _large(names, name)
        ]
        most = sorted(means, key=lambda one: -abs(one[1]))[:MOST_SEGMENTS]
        mean = float(by.mean()) if len(by) else 0.0
        return cls(len(by), int(far.sum()), int((far & (by > 0)).sum()), mean, tuple(most))

    def sentences(self) -> list[str]:
        """Who is affected.

        >>> print(*Moved(200, 20, 15, 0.012, (("At risk", 0.031), ("Loyal", -0.004))).sentences(), sep="\\n")
        The chance of an order moves by more than 5 points for 20 of 200 customers (15 up, 5 down), +1.2 points on
        average.
        Most moved: At risk +3.1 points, Loyal −0.4 points.
        """
        told = [
            f"The chance of an order moves by more than 5 points for {count(self.many)} of "
            f"{counted(self.customers, 'customer')} ({count(self.up)} up, {count(self.many - self.up)} down), "
            f"{_points(self.mean)} on average."
        ]
        if self.segments:
            told.append(f"Most moved: {', '.join(f'{name} {_points(by)}' for name, by in self.segments)}.")
        return told


def changelog(now: ModelVersion, before: ModelVersion | None, moved: Moved | None = None) -> tuple[str, ...]:
    """What changed, a sentence each: the data, the recipe, features, weights, and who is affected."""
    if before is None:
        return ("The first version.",)
    told = [*_data(now, before)]
    differs = now.recipe.differences(before.recipe)
    told.append(f"Another recipe: {'; '.join(differs)}." if differs else "The same recipe.")
    told += _came_and_went("Features", now.taught.features, before.taught.features)
    told += _weights(now.taught.weights, before.taught.weights)
    return (*told, *(moved.sentences() if moved else ()))


def _data(now: ModelVersion, before: ModelVersion) -> list[str]:
    ours, theirs = now.taught, before.taught
    told = [
        f"Taught by {counted(ours.orders, 'order')} up to {ours.day} ({change(ours.orders, theirs.orders)}), "
        f"before by {count(theirs.orders)} up to {theirs.day}; "
        f"{counted(ours.customers, 'customer')}, before {count(theirs.customers)}."
    ]
    if ours.since != theirs.since:
        told.append(f"The log begins on {ours.since}, before on {theirs.since}.")
    told += _came_and_went("Sources", ours.sources, theirs.sources)
    more = [
        f"{shown(name)} {counted(rows, 'row')}, before {count(theirs.sources[name])}"
        for name, rows in ours.sources.items()
        if theirs.sources.get(name, rows) != rows
    ]
    told += [f"Rows: {'; '.join(more[:MOST_NAMED])}."] if more else []
    columns = [
        f"{role} is {shown(ours.columns.get(role, 'not there'))}, before {shown(theirs.columns.get(role, 'not there'))}"
        for role in sorted({*ours.columns, *theirs.columns})
        if ours.columns.get(role) != theirs.columns.get(role)
    ]
    return told + ([f"Columns: {'; '.join(columns)}."] if columns else [])


def _came_and_went(
    what: str, now: Sequence[str] | Mapping[str, int], before: Sequence[str] | Mapping[str, int]
) -> list[str]:
    came, went = [one for one in now if one not in before], [one for one in before if one not in now]
    told = [f"{word}: {_named(names)}" for word, names in (("new", came), ("gone", went)) if names]
    return [f"{what}: {'; '.join(told)}."] if told else []


def _weights(now: Mapping[str, float], before: Mapping[str, float]) -> list[str]:
    told = [
        f"{model_name(name)} {percent(now.get(name, 0.0))}, before {percent(before.get(name, 0.0))}"
        for name in sorted({*now, *before}, key=lambda one: -abs(now.get(one, 0.0) - before.get(one, 0.0)))
        if abs(now.get(name, 0.0) - before.get(name, 0.0)) >= LEAST_WEIGHT
    ]
    return [f"Weights of the blend: {'; '.join(told)}."] if told and now and before else []


def _named(names: Sequence[str]) -> str:
    rest = len(names) - MOST_NAMED
    shown_names = [shown(one) for one in names[:MOST_NAMED]]
    return joined([*shown_names, f"{count(rest)} more"] if rest > 0 else shown_names)


def _large(names: np.ndarray, name: str) -> bool:
    return int((names == name).sum()) >= SMALLEST_SEGMENT


def _points(by: float) -> str:
    """A difference of chances, with its sign.

    >>> _points(0.0312), _points(-0.004), _points(-0.0004)
    ('+3.1 points', '−0.4 points', '0.0 points')
    """
    rounded = round(100 * by, 1)
    return f"{rounded:+.1f} points".replace("-", "−") if rounded else "0.0 points"
