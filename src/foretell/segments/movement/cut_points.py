"""The segment sets of a run, and their cut points: fitted on a day, kept, and fitted anew only when asked."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from foretell.customer_log.tables.events import EVENTS
from foretell.features import FEATURES
from foretell.project.declaration import FILE_NAME
from foretell.project.errors import InputError
from foretell.project.request import Asked
from foretell.scores.table import SCORES
from foretell.segments.conditions import Kind
from foretell.segments.declared import DeclaredSet, declared_sets
from foretell.segments.engagement import Engagement
from foretell.segments.feature_sets import DiscoveredSet, RuleSet
from foretell.segments.lifecycle import Lifecycle
from foretell.segments.nine_cells import NineCells
from foretell.segments.rfm import Rfm
from foretell.segments.segment_set import SegmentSet
from foretell.segments.standing import Standing
from foretell.segments.value import Value
from foretell.storage.artefacts import Artefact

BUILT_IN: tuple[SegmentSet, ...] = (Rfm(), Lifecycle(), Value())
OPTIONAL: tuple[SegmentSet, ...] = (NineCells(),)
"""Sets that are there where the scores are to show them."""
DISCOVERED = DiscoveredSet.name
OF_TABLES: Mapping[str, SegmentSet] = {EVENTS.name: Engagement()}
"""Sets that are there where the log has a table beside orders, by its name."""
NO_CONDITIONS = {"customer_id", "as_of", "reasons", "model_id"}
TEXTS = ("segment", "previous_segment", "next_segment")
LISTS = ("next_categories", "next_categories_new")
MOMENTS = (*(name for name in SCORES if name.startswith("next_order_")), "segment_since")
SCORE_KINDS: dict[str, Kind] = {
    name: "text" if name in TEXTS else "number" for name in SCORES if name not in {*NO_CONDITIONS, *LISTS, *MOMENTS}
}
"""The scores that a rule may read."""
WINDOW_DAYS = 365

PLACE_OF_CUTS = "cut points"
"""The setting of the catalogue that says where the cut points stand that a project keeps."""


@dataclass(frozen=True)
class KeptCuts:
    """Cut points of every set, fitted by what was known before `fitted_at` (microseconds UTC), over a window of
    `window_days`; those of sets that came later may know what was known before `newest_at`. `events` tells, oldest
    first, when and why cuts were fitted."""

    fitted_at: int
    window_days: float
    cuts: Mapping[str, Any]
    events: tuple[Any, ...] = ()
    newest_at: int = 0

    def known_at(self, as_of: int) -> bool:
        """Whether all cut points were known at that moment."""
        return max(self.fitted_at, self.newest_at) <= as_of


CUTS: Artefact[KeptCuts] = Artefact("cuts", KeptCuts)


def checked_sets(asked: Asked, tables: Collection[str] = ()) -> None:
    """InputError where a declared set has the name of a built-in one, a set that is not there is to be shown, or a rule
    cannot be used; `tables` are those beside orders that the project names."""
    waiting = {one.name: table for table, one in OF_TABLES.items() if table not in tables}
    built_in = [*(one.name for one in (*BUILT_IN, *OPTIONAL, *OF_TABLES.values())), DISCOVERED]
    for part in asked.segments:
        if part.set.lower() in built_in:
            raise InputError(
                "The name of this segment set is taken by a built-in one.",
                file=FILE_NAME,
                column="segments.set",
                found=part.set,
                expected=f"any name but {', '.join(built_in)}",
                hint='set = "campaign"',
            )
    there = [*(one for one in built_in if one not in waiting), *dict.fromkeys(part.set for part in asked.segments)]
    if asked.segment_set not in there:
        table = waiting.get(asked.segment_set)
        why = f"it needs the table {table}, and no source has it" if table else ""
        raise InputError(
            "The scores are to show a segment set that is not there.",
            file=FILE_NAME,
            column="scores.segment_set",
            found=f"{asked.segment_set}: {why}" if why else asked.segment_set,
            expected=f"one of {', '.join(there)}",
        )
    declared_of(asked)


def declared_of(asked: Asked) -> tuple[DeclaredSet, ...]:
    """The sets that the project declares; InputError where a rule cannot be used."""
    known: dict[str, Kind] = {**dict.fromkeys(FEATURES, "number"), **SCORE_KINDS}
    return declared_sets(asked.segments, known, shown=asked.segment_set)


def segment_sets(asked: Asked, tables: Collection[str] = ()) -> tuple[SegmentSet, ...]:
    """The sets of a run that can be told at any date: built in, of the tables beside orders that the log has, and
    declared on features alone."""
    optional = [one for one in OPTIONAL if one.name == asked.segment_set]
    of_tables = [one for table, one in OF_TABLES.items() if table in tables or one.name == asked.segment_set]
    return (
        *BUILT_IN,
        *of_tables,
        *optional,
        *(RuleSet(one) for one in declared_of(asked) if not one.uses(SCORE_KINDS)),
    )


def score_sets(asked: Asked) -> tuple[DeclaredSet, ...]:
    """The declared sets whose rules read a score: they can be told of a scored day alone."""
    return tuple(one for one in declared_of(asked) if one.uses(SCORE_KINDS))


def window_days(history_days: float) -> float:
    """The trailing window of frequency and money: a year, or the whole days that the history carries."""
    return float(max(min(WINDOW_DAYS, math.floor(history_days)), 1))


def fitted(sets: tuple[SegmentSet, ...], today: Standing, kept: KeptCuts | None, day: str) -> KeptCuts:
    """Cut points of all sets: the kept ones where there are some, those of today for sets that have none."""
    if kept is None or not kept.cuts:
        cuts = {group.name: group.fit(today) for group in sets}
        event = {"on": day, "sets": sorted(cuts), "customers": len(today), "window_days": today.window_days}
        return KeptCuts(today.known_by, today.window_days, cuts, (*(kept.events if kept else ()), event))
    missing = {group.name: group.fit(today) for group in sets if group.name not in kept.cuts}
    if not missing:
        return kept
    event = {"on": day, "sets": sorted(missing), "customers": len(today), "window_days": today.window_days}
    newest = today.known_by if any(missing.values()) else kept.newest_at
    return KeptCuts(kept.fitted_at, kept.window_days, {**kept.cuts, **missing}, (*kept.events, event), newest)


def to_be_fitted_anew(kept: KeptCuts) -> KeptCuts:
    """Nothing but the events, so that all cut points are fitted by today."""
    return KeptCuts(kept.fitted_at, kept.window_days, {}, (*kept.events, {"asked": "refit"}))
