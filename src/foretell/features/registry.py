"""The registry of features: one short function each, found by its name, family and unit.

A feature is a function of the as-of view that gives float64 [customers]. Its docstring says what it
means and what null (NaN) stands for; `{days}` in name and docstring is filled for each window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from foretell.timelines.as_of import AsOf

Compute = Callable[..., np.ndarray]


@dataclass(frozen=True)
class Feature:
    """A named function of the as-of view; `unit` is what its values count."""

    name: str
    family: str
    unit: str
    meaning: str
    compute: Callable[[AsOf], np.ndarray]

    def __call__(self, view: AsOf) -> np.ndarray:
        """float64 [customers], NaN where null."""
        return np.asarray(self.compute(view), dtype=np.float64)


FEATURES: dict[str, Feature] = {}


def feature(name: str, unit: str, over: Iterable[float] = ()) -> Callable[[Compute], Compute]:
    """Register a feature, or one for each window of `over` (then the function takes `days` too)."""

    def register(function: Compute) -> Compute:
        family = function.__module__.rsplit(".", 1)[-1]
        meaning = " ".join((function.__doc__ or "").split())
        windows: list[dict[str, float]] = [{"days": days} for days in over] or [{}]
        for window in windows:
            full = name.format(**window)
            if full in FEATURES:
                raise ValueError(f"the feature {full} is registered twice")
            FEATURES[full] = Feature(full, family, unit, meaning.format(**window), partial(function, **window))
        return function

    return register


def feature_matrix(view: AsOf, names: Iterable[str]) -> np.ndarray:
    """float64 [customers, names] of the named features."""
    columns = [FEATURES[name](view) for name in names]
    return np.column_stack(columns) if columns else np.zeros((view.customers, 0))
