"""The segment sets of a run: which there are, and by which cut points."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from foretell.examples.plan import Plan
from foretell.project.request import Asked
from foretell.segments.clusters import discovered, groups_of_json
from foretell.segments.declared import DeclaredSet
from foretell.segments.feature_sets import DiscoveredSet
from foretell.segments.movement.cut_points import (
    DISCOVERED,
    KeptCuts,
    fitted,
    score_sets,
    segment_sets,
    window_days,
)
from foretell.segments.movement.standings import standings_at
from foretell.segments.profile import BEHAVIOUR
from foretell.segments.segment_set import SegmentSet
from foretell.segments.standing import Moment, Standing
from foretell.timelines.bucket import EVERY_KEY
from foretell.timelines.engine import Engine


@dataclass(frozen=True)
class SetsOfRun:
    """The sets that can be told at any date, those whose rules read scores, the name of the set that the scores show,
    and the cut points."""

    sets: tuple[SegmentSet, ...]
    scored: tuple[DeclaredSet, ...]
    shown: str
    cuts: KeptCuts


def sets_of(asked: Asked, cuts: KeptCuts, tables: Collection[str] = ()) -> SetsOfRun:
    """The sets of a run whose cut points are there, over a log that has these tables beside orders."""
    sets = segment_sets(asked, tables)
    if asked.segment_set == DISCOVERED:
        groups = groups_of_json(cuts.cuts[DISCOVERED])
        sets = (*sets, DiscoveredSet(groups)) if groups else sets
    return SetsOfRun(sets, score_sets(asked), asked.segment_set, cuts)


def are_settled(kept: KeptCuts | None, plan: Plan, asked: Asked) -> bool:
    """Whether the cut points that the project keeps are all that a run needs, and were known at its date."""
    if kept is None or not kept.known_at(plan.as_of):
        return False
    wanted = {group.name for group in segment_sets(asked, plan.survey.begun)}
    if asked.segment_set == DISCOVERED:
        return wanted <= set(kept.cuts) and groups_of_json(kept.cuts.get(DISCOVERED) or {}) is not None
    return wanted <= set(kept.cuts)


def settled_cuts(engine: Engine, plan: Plan, asked: Asked, kept: KeptCuts | None, seed: int) -> KeptCuts:
    """The cut points of all sets: those that the project keeps, if they were fitted by the as-of date; for sets without
    them fitted now. Groups are looked for only where the scores are to show them."""
    if kept is not None and are_settled(kept, plan, asked):
        return kept
    known = kept if kept is not None and kept.known_at(plan.as_of) else None
    if known is not None and DISCOVERED in known.cuts and groups_of_json(known.cuts[DISCOVERED]) is None:
        known = replace(known, cuts={name: own for name, own in known.cuts.items() if name != DISCOVERED})
    sets = segment_sets(asked, plan.survey.begun)
    today = _today(engine, plan, asked, known, sets)
    if asked.segment_set == DISCOVERED:
        before = known.cuts.get(DISCOVERED) if known else None
        found = discovered(today.facts, today.customer_key, seed, groups_of_json(before) if before else None)
        sets = (*sets, DiscoveredSet(found))
    return fitted(sets, today, known, plan.as_of_day())


def _today(engine: Engine, plan: Plan, asked: Asked, known: KeptCuts | None, sets: tuple[SegmentSet, ...]) -> Standing:
    window = known.window_days if known is not None and known.cuts else window_days(plan.history_days(plan.as_of))
    more = BEHAVIOUR if asked.segment_set == DISCOVERED else ()
    features = tuple(dict.fromkeys((*(name for group in sets for name in group.features), *more)))
    now = Moment.now(plan.as_of)
    return standings_at(engine, [now], window, plan, features, EVERY_KEY)[now]
