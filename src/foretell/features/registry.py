"""The registry of features: one short function each, found by its name, family and unit.

A feature is a function of the as-of view that gives float64 [customers]. Its docstring says what it
means and what null (NaN) stands for; `{days}` in name, docstring and words is filled for each window. Its theme and
its words are what reasons, profiles and indicators speak from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from foretell.timelines.as_of import AsOf
from foretell.words.reasons import FeatureWords, Told

Compute = Callable[..., np.ndarray]
UNSAID = FeatureWords("", "", "")


@dataclass(frozen=True)
class Feature:
    """A named function of the as-of view; `unit` is what its values count, `table` the table beside orders that it
    reads, empty where it reads none: where no source has that table, there is no such feature."""

    name: str
    family: str
    unit: str
    meaning: str
    compute: Callable[[AsOf], np.ndarray]
    words: FeatureWords
    table: str = ""

    def __call__(self, view: AsOf) -> np.ndarray:
        """float64 [customers], NaN where null."""
        return np.asarray(self.compute(view), dtype=np.float64)


FEATURES: dict[str, Feature] = {}
DATED = ("more", "less", "says", "none", "much")
"""The words of a feature that may name the days of its window."""


def feature(
    name: str, unit: str, over: Iterable[float] = (), words: FeatureWords = UNSAID, table: str = ""
) -> Callable[[Compute], Compute]:
    """Register a feature, or one for each window of `over` (then the function takes `days` too); one that reads a
    table beside orders says which."""

    def register(function: Compute) -> Compute:
        family = function.__module__.rsplit(".", 1)[-1]
        meaning = " ".join((function.__doc__ or "").split())
        windows: list[dict[str, float]] = [{"days": days} for days in over] or [{}]
        for window in windows:
            full = name.format(**window)
            if full in FEATURES:
                raise ValueError(f"the feature {full} is registered twice")
            said = words_over(words if words.theme else plain_words(full, family), window)
            compute = partial(function, **window)
            FEATURES[full] = Feature(full, family, unit, meaning.format(**window), compute, said, table)
        return function

    return register


def features_of(tables: Collection[str]) -> tuple[str, ...]:
    """The names of the features of a log that holds these tables beside orders."""
    return tuple(name for name, one in FEATURES.items() if not one.table or one.table in tables)


def plain_words(name: str, family: str) -> FeatureWords:
    """The words of a feature that brought none: its name, told within its family."""
    label = stem(name).replace("_", " ")
    return FeatureWords(family, f"higher {label}", f"lower {label}", f"{label} {{}}")


def words_over(words: FeatureWords, window: dict[str, float]) -> FeatureWords:
    """The words with the days of the window in their place; of windows that are not told what a customer has is not
    said."""
    if not window:
        return words
    days = window["days"]
    texts = {name: getattr(words, name).replace("{days}", f"{days:g}") for name in DATED}
    if words.window_days not in (0.0, days):
        texts |= {"says": "", "none": "", "much": ""}
    return replace(words, **texts)


def words_of(name: str) -> FeatureWords:
    """The words of a feature; of one that is not known its name."""
    return FEATURES[name].words if name in FEATURES else plain_words(name, "")


def unit_of(name: str) -> str:
    """The unit of a feature; empty for one that is not known."""
    return FEATURES[name].unit if name in FEATURES else ""


def told_in(currency: str) -> Told:
    """How facts about features are worded."""
    return Told(unit_of, words_of, currency)


def stem(name: str) -> str:
    """A feature's name without its window.

    >>> stem("orders_365d"), stem("products_life"), stem("age_days")
    ('orders', 'products', 'age_days')
    """
    return re.sub(r"_(\d+d|life)$", "", name)


def feature_matrix(view: AsOf, names: Iterable[str]) -> np.ndarray:
    """float64 [customers, names] of the named features."""
    columns = [FEATURES[name](view) for name in names]
    return np.column_stack(columns) if columns else np.zeros((view.customers, 0))
