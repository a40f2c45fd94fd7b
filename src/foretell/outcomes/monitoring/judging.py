"""Judging the kept series of a week: sources and populations by one limit, so that all share its false alarms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from foretell.features.registry import FEATURES
from foretell.outcomes.monitoring.book import Break
from foretell.outcomes.monitoring.joint_limits import Judged, Series, judged, too_few
from foretell.outcomes.monitoring.monitored import AT_ONCE, Broken, Watched
from foretell.outcomes.monitoring.populations import SCORES
from foretell.outcomes.monitoring.sources import FEWEST_ROWS, VOLUME, SourceSeries, named, series_of
from foretell.outcomes.monitoring.stability import Stability, stability
from foretell.outcomes.monitoring.told import population_said, source_said
from foretell.outcomes.monitoring.weeks import counts_by_week, healthy_weeks, weeks_back

Kept = Mapping[str, Mapping[str, Sequence[int]]]
"""Series to day to counts."""
CUSTOMERS = "customers"
SPOILED = "its source is broken"
News = Callable[[SourceSeries], Sequence[str]]
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


def verdict(sources: Kept, populations: Kept, breaks: Sequence[Break], day: str, new_words: News) -> Verdict:
    """Judge all series up to a day; `breaks` are those that are known, those seen at once on that day among them. What
    is made of a source that is broken in a way that spoils it is not judged."""
    at_once = [one for one in breaks if one.broken.kind in AT_ONCE and one.lasts_on(day)]
    newest = max(weeks_back({one for kept in (*sources.values(), *populations.values()) for one in kept}), default="")
    of_sources = [_of_source(named(name), kept, breaks).seen(newest, at_once) for name, kept in sources.items()]
    spoiled = {one.broken.source for one in at_once}
    of_customers = [_of_customers(name, kept, breaks).unless(spoiled) for name, kept in populations.items()]
    series = [*(one.series for one in of_sources), *(one.series for one in of_customers)]
    limits = judged([one for one in series if one is not None])
    found = [_broken_source(one, new_words) for one in of_sources if one.name in limits.outside]
    also = {one.source for one in found if one.spoils}
    of_customers = [one.unless(also) for one in of_customers]
    keys = {_key(one.of) for one in of_sources if one.name in limits.judged}
    themes = _by_theme([one for one in of_customers if one.series is not None and one.name in limits.judged])
    for theme, members in themes.items():
        keys.add(f"customers {theme}")
        moved = [one.stability for one in members if one.name in limits.outside and one.stability.is_much]
        if moved:
            found.append(_broken_theme(theme, moved, len(members)))
    watched = [_with_reason(one.watched, one.name, limits) for one in of_sources]
    watched += [_with_reason(one.watched, one.name, limits) for one in of_customers]
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

    def seen(self, newest: str, at_once: Sequence[Break]) -> _OfSource:
        """The same, not judged where nothing was counted of it in the newest week, where its table has gone silent, or
        where its column is not what was agreed: that is told already."""
        if self.day != newest:
            return self._without("nothing was counted of it this week")
        if self.of.what != VOLUME and self.watched.rows < FEWEST_ROWS:
            return self._without(f"under {FEWEST_ROWS} rows in a week")
        own = [one.broken for one in at_once if one.broken.source == self.of.table]
        contracts = [one.key for one in own if one.kind == "contract"]
        if any(one.kind == "freshness" for one in own) or any(f" {self.of.column} " in key for key in contracts):
            return self._without(SPOILED)
        return self

    def _without(self, cannot: str) -> _OfSource:
        return replace(self, series=None, watched=replace(self.watched, cannot=cannot))


@dataclass(frozen=True)
class _OfCustomers:
    stability: Stability
    cannot: str = ""

    @property
    def name(self) -> str:
        return self.stability.name

    @property
    def series(self) -> Series | None:
        return None if self.cannot else self.stability.series

    @property
    def watched(self) -> Watched:
        one = self.stability
        return Watched("population", CUSTOMERS, one.name, one.index, one.rows, self.cannot or one.cannot)

    def unless(self, spoiled: Collection[str]) -> _OfCustomers:
        """The same, not judged where a table that it is made of is broken."""
        return replace(self, cannot=SPOILED) if set(made_of(self.name)) & set(spoiled) else self


def _of_source(one: SourceSeries, kept: Mapping[str, Sequence[int]], breaks: Sequence[Break]) -> _OfSource:
    days, counts = counts_by_week(kept)
    series = series_of(one, [(int(own[0]), int(own[1])) for own in counts], healthy_weeks(days, one.name, (), breaks))
    part, rows = (int(number) for number in counts[-1])
    value = float(part) if one.what == VOLUME else part / rows if rows else 0.0
    what = f"{one.column} {one.what}".strip()
    watched = Watched(one.what, one.table, what, value, rows)  # type: ignore[arg-type]
    return _OfSource(one, days[-1], counts, series, watched)


def _of_customers(name: str, kept: Mapping[str, Sequence[int]], breaks: Sequence[Break]) -> _OfCustomers:
    days, counts = counts_by_week(kept)
    return _OfCustomers(stability(name, counts, healthy_weeks(days, name, made_of(name), breaks)))


def made_of(name: str) -> tuple[str, ...]:
    """The tables that a feature reads; a score reads what all of its features do, orders before all."""
    return ("orders", FEATURES[name].table) if name in FEATURES and FEATURES[name].table else ("orders",)


def _with_reason(watched: Watched, name: str, limits: Judged) -> Watched:
    if watched.cannot or name in limits.judged:
        return watched
    return replace(watched, cannot=limits.unjudged.get(name, too_few(0)))


def _key(one: SourceSeries) -> str:
    return one.name.removeprefix("source ")


def _broken_source(one: _OfSource, new_words: News) -> Broken:
    words = new_words(one.of) if one.of.what == "new" else ()
    said = source_said(one.of, one.counts, words)
    return Broken(_key(one.of), one.of.what, one.of.table, said, one.day, (one.name,))  # type: ignore[arg-type]


def _by_theme(some: Sequence[_OfCustomers]) -> dict[str, list[_OfCustomers]]:
    found: dict[str, list[_OfCustomers]] = {}
    for one in some:
        theme = "scores" if one.name in SCORES else FEATURES[one.name].words.theme
        found.setdefault(theme, []).append(one)
    return found


def _broken_theme(theme: str, moved: Sequence[Stability], of: int) -> Broken:
    said = population_said(theme, moved, of)
    return Broken(f"customers {theme}", "population", CUSTOMERS, said, "", tuple(one.name for one in moved))
