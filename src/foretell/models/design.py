"""The design that linear models and the neural network share: features made even, nulls told apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np

from foretell.models.contract import CannotFit, State

SKEWED = 1.0
FURTHEST = 6.0


@dataclass(frozen=True)
class Design:
    """How features become columns of mean 0 and deviation 1; a null feature is its mean, and its own indicator.

    `value_of` and `null_of` are the features behind the value columns and the indicator columns, which follow
    each other; `logged` says which value columns are log1p. `centre` and `scale` have one entry a column.
    """

    value_of: np.ndarray
    logged: np.ndarray
    null_of: np.ndarray
    centre: np.ndarray
    scale: np.ndarray

    @property
    def source(self) -> np.ndarray:
        """The feature behind each column."""
        return np.concatenate([self.value_of, self.null_of])

    def columns(self, features: np.ndarray) -> np.ndarray:
        """float64 [columns, rows]: each column contiguous, each entry from its own row alone."""
        made = np.empty((len(self.source), len(features)))
        for place, column in enumerate(self.each_column(features)):
            made[place] = column
        return made

    def each_column(self, features: np.ndarray) -> Iterator[np.ndarray]:
        """The same, one column at a time, for batches that would not fit as a whole."""
        for i, feature in enumerate(self.value_of):
            values = np.ascontiguousarray(features[:, feature])
            values = signed_log(values) if self.logged[i] else values
            column = np.clip((values - self.centre[i]) / self.scale[i], -FURTHEST, FURTHEST)
            column[np.isnan(column)] = 0.0
            yield column
        for i, feature in enumerate(self.null_of, start=len(self.value_of)):
            yield (np.isnan(features[:, feature]) - self.centre[i]) / self.scale[i]

    def state(self) -> State:
        """The arrays."""
        return {
            "value_of": self.value_of,
            "logged": self.logged,
            "null_of": self.null_of,
            "centre": self.centre,
            "scale": self.scale,
        }


def signed_log(values: np.ndarray) -> np.ndarray:
    """log(1 + |v|) with the sign of v."""
    return np.asarray(np.copysign(np.log1p(np.abs(values)), values))


def design_of(features: np.ndarray) -> Design:
    """The design learned from features [rows, features]; raises `CannotFit` where every feature is constant."""
    null = np.isnan(features)
    value_of, logged, centre, scale = [], [], [], []
    for feature in range(features.shape[1]):
        known = np.ascontiguousarray(features[~null[:, feature], feature])
        if len(known) == 0 or known.min() == known.max():
            continue
        is_logged = _is_skewed(known)
        known = signed_log(known) if is_logged else known
        deviation = float(known.std())
        if not (np.isfinite(deviation) and deviation > 1e-12 * (1.0 + abs(float(known.mean())))):
            continue
        value_of.append(feature)
        logged.append(is_logged)
        centre.append(float(known.mean()))
        scale.append(deviation)
    null_of, seen = [], set()
    for feature in np.flatnonzero(null.any(axis=0) & ~null.all(axis=0)).tolist():
        pattern = np.packbits(null[:, feature]).tobytes()
        if pattern not in seen:
            seen.add(pattern)
            share = float(null[:, feature].mean())
            null_of.append(feature)
            centre.append(share)
            scale.append(float(np.sqrt(share * (1.0 - share))))
    if not centre:
        raise CannotFit("every feature is the same for all rows")
    return Design(
        np.array(value_of, dtype=np.int64),
        np.array(logged, dtype=bool),
        np.array(null_of, dtype=np.int64),
        np.array(centre),
        np.array(scale),
    )


def restored_design(state: State) -> Design:
    """The design of a stored state."""
    return Design(*(cast(np.ndarray, state[name]) for name in ("value_of", "logged", "null_of", "centre", "scale")))


def _is_skewed(known: np.ndarray) -> bool:
    """Whether a log makes the values more even: a long tail on the right, or a very large spread."""
    spread = float(known.std())
    if spread == 0.0 or not np.isfinite(spread):
        return True
    apart = (known - known.mean()) / spread
    skewness = float((apart * apart * apart).mean())
    return abs(skewness) > SKEWED and float(np.abs(known).max()) > 2.0
