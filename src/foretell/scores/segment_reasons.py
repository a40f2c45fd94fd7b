"""What sets the customers of a segment apart from everybody, in the odds of an order, with the facts typical of them.

The forecasts' logits add up over themes, so the mean of a theme over a segment less its mean over everybody is what
that theme multiplies the odds of an order with. Reasons describe what the model saw; they are not causes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.features.registry import told_in, unit_of, words_of
from foretell.features.scale import logged, robust_deviation
from foretell.models.contract import Contributions
from foretell.models.themes import by_theme
from foretell.scores.reasons import LEAST_SHARE, MOST_FACTS, MOST_REASONS, overlaps, ranked, told_features
from foretell.words.reasons import Fact
from foretell.words.wording import TIGHT, decimals

MOVED = "moved_"
LEAST_RATIO = 1.02
LEAST_APART = 0.3


@dataclass(frozen=True)
class SegmentReason:
    """A theme that sets a segment apart: what it multiplies the odds of an order with, and typical facts."""

    odds: float
    theme: str
    facts: tuple[Fact, ...]

    def in_words(self, currency: str) -> str:
        """The reason as a sentence."""
        said = told_in(currency).facts(self.facts)
        return f"odds {decimals(self.odds)} times those of everybody: {said}".replace(TIGHT, " ")


@dataclass(frozen=True)
class SegmentReasons:
    """A segment, how many customers it has, and at most three reasons, strongest first."""

    segment: str
    customers: int
    reasons: tuple[SegmentReason, ...]


def theme_columns(contributions: Contributions) -> dict[str, np.ndarray]:
    """float32 [rows] what each theme moved, by `moved_` and its name: what a batch leaves for its segments."""
    themes, moved = by_theme(contributions)
    return {f"{MOVED}{theme}": moved[:, position].astype(np.float32) for position, theme in enumerate(themes)}


def segment_reasons(customers: pa.Table, segment: Sequence[str | None]) -> tuple[SegmentReasons, ...]:
    """The reasons of every segment that has customers, by name; customers without a segment belong to none.

    `customers` has the columns of `theme_columns` and those that reasons tell, one row a customer. Typical is the
    median, and not known where that of under half of the customers is. A theme by which no fact differs visibly is no
    reason; without a model there are none.
    """
    named = np.array([name or "" for name in segment], dtype=object)
    themes = tuple(name.removeprefix(MOVED) for name in customers.column_names if name.startswith(MOVED))
    moved = np.column_stack([_column(customers, f"{MOVED}{theme}") for theme in themes] or [np.zeros((len(named), 0))])
    told = {name: _column(customers, name) for name in told_features() if name in customers.column_names}
    everybody = moved.mean(axis=0) if len(moved) else np.zeros(len(themes))
    typical = {name: _typical(values) for name, values in told.items()}
    spread = {name: robust_deviation(logged(values, name)) for name, values in told.items()}
    found = []
    for name in sorted(set(named) - {""}):
        own = named == name
        apart = moved[own].mean(axis=0) - everybody
        inside = {feature: _typical(values[own]) for feature, values in told.items()}
        facts = {theme: _facts(theme, inside, typical, spread) for theme in themes}
        found.append(SegmentReasons(name, int(own.sum()), _told(themes, apart, facts)))
    return tuple(found)


def _told(
    themes: tuple[str, ...], apart: np.ndarray, facts: Mapping[str, tuple[Fact, ...]]
) -> tuple[SegmentReason, ...]:
    """The themes that set a segment apart, each with the odds that it brings."""
    strength = np.abs(apart)
    least = max(LEAST_SHARE * strength.sum(), np.log(LEAST_RATIO))
    order = ranked(themes, apart[None])[0]
    found = [
        SegmentReason(float(np.exp(apart[place])), themes[place], facts[themes[place]])
        for place in order
        if strength[place] >= least and facts[themes[place]]
    ]
    return tuple(found[:MOST_REASONS])


def _facts(
    theme: str, inside: Mapping[str, float], typical: Mapping[str, float], spread: Mapping[str, float]
) -> tuple[Fact, ...]:
    """The facts of a theme by which the members differ most from everybody, one of those that say nearly the same."""
    told = told_in("")
    found: list[tuple[float, Fact]] = []
    for name in (name for name in inside if words_of(name).theme == theme and unit_of(name) != "code"):
        values = np.array([inside[name], typical[name]])
        if (
            not np.isfinite(values).all()
            or not spread[name] > 0
            or any(other not in inside for other in words_of(name).told)
        ):
            continue
        distance = float(logged(values, name) @ [1, -1]) / spread[name]
        if abs(distance) >= LEAST_APART and told.figure(name, values[0]) != told.figure(name, values[1]):
            beside = {other: inside[other] for other in words_of(name).told}
            found.append((abs(distance), Fact(name, inside[name], beside, typical[name])))
    chosen: list[Fact] = []
    for _, fact in sorted(found, key=lambda one: -one[0]):
        if not any(overlaps(fact.feature, other.feature) for other in chosen):
            chosen.append(fact)
    return tuple(chosen[:MOST_FACTS])


def _typical(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) * 2 >= max(len(values), 1) else float("nan")


def _column(customers: pa.Table, name: str) -> np.ndarray:
    return np.asarray(customers[name].to_numpy(), dtype=np.float64)
