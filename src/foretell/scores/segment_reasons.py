"""Reasons of segments: what sets the customers of a segment apart from everybody, in odds and in their typical facts.

The forecasts' logits add up over themes, so the mean of a theme over a segment less its mean over everybody is what
that theme multiplies the odds of an order with. Reasons describe what the model saw; they are not causes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.models.contract import Contributions
from foretell.models.themes import by_theme
from foretell.scores.reasons import LEAST_SHARE, MOST_REASONS, ranked
from foretell.scores.sentences import TOLD_FACTS, TOLD_FEATURES, sentence

MOVED = "moved_"
NOT_A_CAUSE = "What the model saw, not causes."
LEAST_RATIO = 1.02


@dataclass(frozen=True)
class SegmentReasons:
    """A segment, how many customers it has, and at most three reasons, strongest first, in plain words."""

    segment: str
    customers: int
    reasons: tuple[str, ...]


def theme_columns(contributions: Contributions) -> dict[str, np.ndarray]:
    """float32 [rows] what each theme moved, by `moved_` and its name: what a batch leaves for its segments."""
    themes, moved = by_theme(contributions)
    return {f"{MOVED}{theme}": moved[:, position].astype(np.float32) for position, theme in enumerate(themes)}


def segment_reasons(customers: pa.Table, segment: Sequence[str | None], currency: str) -> tuple[SegmentReasons, ...]:
    """The reasons of every segment that has customers, by name; customers without a segment belong to none.

    `customers` has the columns of `theme_columns` and those that sentences tell, one row a customer. Typical is the
    median, and not known where that of under half of the customers is. Without a model there are no reasons.
    """
    named = np.array([name or "" for name in segment], dtype=object)
    themes = tuple(name.removeprefix(MOVED) for name in customers.column_names if name.startswith(MOVED))
    moved = np.column_stack([_column(customers, f"{MOVED}{theme}") for theme in themes] or [np.zeros((len(named), 0))])
    told = {name: _column(customers, name) for name in (*TOLD_FACTS, *TOLD_FEATURES) if name in customers.column_names}
    everybody = moved.mean(axis=0) if len(moved) else np.zeros(len(themes))
    found = []
    for name in sorted(set(named) - {""}):
        own = named == name
        apart = moved[own].mean(axis=0) - everybody
        typical = {fact: _typical(values[own]) for fact, values in told.items()}
        found.append(SegmentReasons(name, int(own.sum()), _told(themes, apart, typical, currency)))
    return tuple(found)


def _told(themes: tuple[str, ...], apart: np.ndarray, typical: Mapping[str, float], currency: str) -> tuple[str, ...]:
    """The themes that set a segment apart, each with the odds that it brings."""
    strength = np.abs(apart)
    least = max(LEAST_SHARE * strength.sum(), np.log(LEAST_RATIO))
    order = ranked(themes, apart[None])[0][:MOST_REASONS]

    def value(name: str) -> float:
        return typical.get(name, float("nan"))

    return tuple(
        f"{odds(apart[theme])}: {sentence(themes[theme], value, currency)}"
        for theme in order
        if strength[theme] >= least
    )


def odds(moved: float) -> str:
    """A move of the logit as people say it.

    >>> odds(np.log(3.2)), odds(-np.log(4))
    ('odds 3.2 times those of everybody', 'odds 0.25 times those of everybody')
    """
    ratio = float(np.exp(moved))
    figure = f"{ratio:,.0f}" if ratio >= 9.95 else f"{ratio:.1f}" if ratio >= 0.95 else f"{ratio:.2f}"
    return f"odds {figure} times those of everybody"


def _typical(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) * 2 >= max(len(values), 1) else float("nan")


def _column(customers: pa.Table, name: str) -> np.ndarray:
    return np.asarray(customers[name].to_numpy(), dtype=np.float64)
