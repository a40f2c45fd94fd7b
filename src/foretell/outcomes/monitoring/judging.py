"""Judging the kept series of a week: sources and populations by one limit, so that all share its false alarms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from foretell.features.registry import FEATURES
from foretell.outcomes.monitoring.book import Break
from foretell.outcomes.monitoring.joint_limits import Judged, Series, judged, too_few
from foretell.outcomes.monitoring.monitored import Broken, Watched
from foretell.outcomes.monitoring.populations import SCORES
from foretell.outcomes.monitoring.sources import SourceSeries, named, series_of
from foretell.outcomes.monitoring.stability import Stability, stability
from foretell.outcomes.monitoring.told import population_said, source_said
from foretell.outcomes.monitoring.weeks import counts_by_week, healthy_weeks, weeks_back

Kept = Mapping[str, Mapping[str, Sequence[int]]]
"""Series to day to counts."""
CUSTOMERS = "customers"
NEWS = Callable[[SourceSeries], Sequence[str]]
"""Which values of a column are new, in words."""


@dataclass(frozen=True)
class Verdict:
    """What the series of a week say: all that is watched, what is broken, and the keys of breaks that could be judged
    (one that is not among them is not known to have healed)."""

    watched: tuple[Watched, ...] = ()
    broken: tuple[Broken, ...] = ()
    judged: frozenset[str] = field(default_factory=frozenset)
    limits: Judged = field(default_factory=Judged)
    week_to: str = ""


def verdict(sources: Kept, populations: Kept, breaks: Sequence[Break], day: str, new_words: NEWS) -> Verdict:
    """Judge all series up to a day; `breaks` are those that were known before, those of that day among them. What is
    made of a source that is broken on that day in a way that spoils it is not judged."""
    spoiled = {one.broken.source for one in breaks if one.lasts_on(day) and one.broken.spoils}
    of_sources = [_of_source(named(name), kept, breaks) for name, kept in sources.items()]
    of_customers = [_of_customers(name, kept, breaks) for name, kept in populations.items()]
    newest = max(weeks_back({day for kept in (*sources.values(), *populations.values()) for day in kept}), default="")
    of_sources = [one if one.day == newest else one.without("nothing was counted of it this week")
                  for one in of_sources]  # fmt: skip
    of_sources = [_unless_silent(one, breaks, day) for one in of_sources]
    of_customers = [_unless_spoiled(name, one, spoiled) for name, one in zip(populations, of_customers, strict=True)]
    series = [one.series for one in (*of_sources, *of_customers) if one.series is not None]
    limits = judged(series)
    found = [_broken_source(one, new_words) for one in of_sources if one.name in limits.outside]
    watched = [_with_reason(one.watched, one.name, limits) for one in of_sources]
    watched += [_with_reason(_watched(one), one.name, limits) for one in of_customers]
    keys = {_key(one.of) for one in of_sources if one.name in limits.judged}
    themes = _by_theme([one for one in of_customers if one.name in limits.judged])
    for theme, members in themes.items():
        keys.add(f"customers {theme}")
        moved = [one for one in members if one.name in limits.outside and one.is_much]
        if moved:
            found.append(_broken_theme(theme, moved, len(members)))
    return Verdict(tuple(watched), tuple(found), frozenset(keys), limits, newest)


@dataclass(frozen=True)
class _OfSource:
    of: SourceSeries
    day: str
    counts: np.ndarray
    series: Series | None
    watched: Watched

    @property
    def name(self) -> str:
        return self.of.name

    def without(self, cannot: str) -> _OfSource:
        return replace(self, series=None, watched=replace(self.watched, cannot=cannot))


def _of_source(one: SourceSeries, kept: Mapping[str, Sequence[int]], breaks: Sequence[Break]) -> _OfSource:
    days, counts = counts_by_week(kept)
    series = series_of(one, [(int(own[0]), int(own[1])) for own in counts], healthy_weeks(days, one.name, (), breaks))
    part, rows = (int(number) for number in counts[-1])
    value = float(part) if one.what == "volume" else part / rows if rows else 0.0
    what = f"{one.column} {one.what}".strip()
    watched = Watched(one.what, one.table, what, value, rows)  # type: ignore[arg-type]
    return _OfSource(one, days[-1], counts, series, watched)


def _unless_silent(one: _OfSource, breaks: Sequence[Break], day: str) -> _OfSource:
    """A table that has gone silent, or whose columns are not what was agreed, is told once, not by what follows."""
    for other in breaks:
        broken = other.broken
        if not other.lasts_on(day) or broken.source != one.of.table or broken.kind not in ("freshness", "contract"):
            continue
        if broken.kind == "freshness" or f" {one.of.column} " in f"{broken.key} ":
            return one.without("its source is broken")
    return one


def _of_customers(name: str, kept: Mapping[str, Sequence[int]], breaks: Sequence[Break]) -> Stability:
    days, counts = counts_by_week(kept)
    return stability(name, counts, healthy_weeks(days, name, made_of(name), breaks))


def _unless_spoiled(name: str, one: Stability, spoiled: set[str]) -> Stability:
    if spoiled & set(made_of(name)):
        return replace(one, series=None, cannot="its source is broken")
    return one


def made_of(name: str) -> tuple[str, ...]:
    """The tables that a feature reads; a score reads what all of its features do, orders before all."""
    return ("orders", FEATURES[name].table) if name in FEATURES and FEATURES[name].table else ("orders",)


def _with_reason(watched: Watched, name: str, limits: Judged) -> Watched:
    if watched.cannot or name in limits.judged:
        return watched
    return replace(watched, cannot=limits.unjudged.get(name, too_few(0)))


def _watched(one: Stability) -> Watched:
    return Watched("population", CUSTOMERS, one.name, one.index, one.rows, one.cannot)


def _key(one: SourceSeries) -> str:
    return one.name.removeprefix("source ")


def _broken_source(one: _OfSource, new_words: NEWS) -> Broken:
    words = new_words(one.of) if one.of.what == "new" else ()
    said = source_said(one.of, one.counts, words)
    return Broken(_key(one.of), one.of.what, one.of.table, said, one.day, (one.name,))  # type: ignore[arg-type]


def _by_theme(some: Sequence[Stability]) -> dict[str, list[Stability]]:
    found: dict[str, list[Stability]] = {}
    for one in some:
        theme = "scores" if one.name in SCORES else FEATURES[one.name].words.theme
        found.setdefault(theme, []).append(one)
    return found


def _broken_theme(theme: str, moved: Sequence[Stability], of: int) -> Broken:
    said = population_said(theme, moved, of)
    return Broken(f"customers {theme}", "population", CUSTOMERS, said, "", tuple(one.name for one in moved))
