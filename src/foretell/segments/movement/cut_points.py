"""The segment sets of a run, and their cut points: fitted on a day, kept, and fitted anew only when asked."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from foretell.features import FEATURES
from foretell.project.errors import InputError
from foretell.project.request import Request
from foretell.scores.table import SCORES
from foretell.segments.conditions import Kind
from foretell.segments.declared import DeclaredSet, declared_sets
from foretell.segments.feature_sets import RuleSet
from foretell.segments.lifecycle import Lifecycle
from foretell.segments.rfm import Rfm
from foretell.segments.segment_set import Cuts, SegmentSet
from foretell.segments.standing import Standing
from foretell.segments.value import Value

BUILT_IN: tuple[SegmentSet, ...] = (Rfm(), Lifecycle(), Value())
WAITING = {"engagement": "needs online events or contacts, and the log has none"}
"""Built-in sets that cannot be told from orders, and what they wait for."""
NO_CONDITIONS = {"customer_id", "as_of", "reasons", "model_id"}
TEXTS = ("segment", "previous_segment", "next_segment")
LISTS = ("next_categories", "next_categories_new")
MOMENTS = (*(name for name in SCORES if name.startswith("next_order_")), "segment_since")
SCORE_KINDS: dict[str, Kind] = {
    name: "text" if name in TEXTS else "number" for name in SCORES if name not in {*NO_CONDITIONS, *LISTS, *MOMENTS}
}
"""The scores that a rule may read."""
FILE_NAME = "segment-cuts.json"
WINDOW_DAYS = 365


@dataclass(frozen=True)
class KeptCuts:
    """Cut points of every set, fitted by what was known before `fitted_at` (microseconds UTC), over a window of
    `window_days`; those of sets that came later may know what was known before `newest_at`. `events` tells, oldest
    first, when and why cuts were fitted."""

    fitted_at: int
    window_days: float
    cuts: Mapping[str, Cuts]
    events: tuple[Mapping[str, object], ...] = ()
    newest_at: int = 0

    def known_at(self, as_of: int) -> bool:
        """Whether all cut points were known at that moment."""
        return max(self.fitted_at, self.newest_at) <= as_of


def declared_of(request: Request) -> tuple[DeclaredSet, ...]:
    """The sets that the project declares; InputError where a rule cannot be used."""
    known: dict[str, Kind] = {**dict.fromkeys(FEATURES, "number"), **SCORE_KINDS}
    return declared_sets(request.segments, known, shown=request.segment_set)


def segment_sets(request: Request) -> tuple[SegmentSet, ...]:
    """The sets of a run that can be told at any date: built in, and declared on features alone."""
    return (*BUILT_IN, *(RuleSet(one) for one in declared_of(request) if not one.uses(SCORE_KINDS)))


def score_sets(request: Request) -> tuple[DeclaredSet, ...]:
    """The declared sets whose rules read a score: they can be told of a scored day alone."""
    return tuple(one for one in declared_of(request) if one.uses(SCORE_KINDS))


def window_days(history_days: float) -> float:
    """The trailing window of frequency and money: a year, or the whole days that the history carries."""
    return float(max(min(WINDOW_DAYS, math.floor(history_days)), 1))


def read_cuts(state: Path) -> KeptCuts | None:
    """The cut points that an earlier run kept; None without any. InputError where the file cannot be read."""
    path = state / FILE_NAME
    if not path.exists():
        return None
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        cuts = {name: dict(own) for name, own in kept["cuts"].items()}
        moments = int(kept["fitted_at"]), int(kept.get("newest_at", 0))
        return KeptCuts(moments[0], float(kept["window_days"]), cuts, tuple(kept["events"]), moments[1])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            "The kept cut points of segments cannot be read.",
            file=str(path),
            found=str(error),
            hint="delete the file: the next run fits them anew",
        ) from error


def write_cuts(kept: KeptCuts, state: Path) -> None:
    """Write `segment-cuts.json`, aside first; InputError where the folder cannot be written."""
    aside = state / f".{FILE_NAME}.part"
    try:
        aside.write_text(json.dumps(asdict(kept), indent=1), encoding="utf-8")
        aside.replace(state / FILE_NAME)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise InputError(
            "The cut points of segments cannot be written.",
            file=str(state),
            found=str(error),
            hint="is the disk full, or the folder read-only?",
        ) from error


def forget_cuts(state: Path, reason: str) -> None:
    """Let the next run fit all cut points anew, and record why; nothing happens without kept ones."""
    kept = read_cuts(state)
    if kept is not None:
        write_cuts(KeptCuts(kept.fitted_at, kept.window_days, {}, (*kept.events, {"asked": reason})), state)


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
