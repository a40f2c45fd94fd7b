"""Settling the segment sets of a run: which there are, and by which cut points."""

from __future__ import annotations

from foretell.examples.plan import Plan
from foretell.project.request import Request
from foretell.segments.clusters import discovered, groups_of_json
from foretell.segments.feature_sets import DiscoveredSet
from foretell.segments.movement.cut_points import KeptCuts, fitted, read_cuts, segment_sets, window_days, write_cuts
from foretell.segments.movement.standings import standings_at
from foretell.segments.profile import BEHAVIOUR
from foretell.segments.segment_set import SegmentSet
from foretell.segments.standing import Moment, Standing
from foretell.timelines.bucket import EVERY_KEY
from foretell.timelines.engine import Engine

DISCOVERED = DiscoveredSet.name


def settled_sets(engine: Engine, plan: Plan, request: Request) -> tuple[tuple[SegmentSet, ...], KeptCuts]:
    """The sets and their cut points: those that an earlier run of the project kept, if they were fitted by the as-of
    date; else fitted now, and kept unless later ones are kept already. Groups are looked for only where the scores
    are to show them."""
    kept = read_cuts(request.state)
    known = kept if kept is not None and kept.known_at(plan.as_of) else None
    sets = segment_sets(request)
    wanted = [*(group.name for group in sets), *([DISCOVERED] if request.segment_set == DISCOVERED else [])]
    if known is None or not set(wanted) <= set(known.cuts):
        today = _today(engine, plan, request, known, sets)
        if request.segment_set == DISCOVERED:
            sets = (*sets, _groups(today, known, request.seed))
        found = fitted(sets, today, known, plan.as_of_day())
        if kept is None or known is not None:
            write_cuts(found, request.state)
        return sets, found
    if request.segment_set == DISCOVERED:
        groups = groups_of_json(known.cuts[DISCOVERED])
        sets = (
            *sets,
            DiscoveredSet(groups) if groups else _groups(_today(engine, plan, request, known, sets), None, 0),
        )
    return sets, known


def _groups(today: Standing, known: KeptCuts | None, seed: int) -> DiscoveredSet:
    before = known.cuts.get(DISCOVERED) if known else None
    found = discovered(today.facts, today.customer_key, seed, groups_of_json(before) if before else None)
    return DiscoveredSet(found)


def _today(
    engine: Engine, plan: Plan, request: Request, known: KeptCuts | None, sets: tuple[SegmentSet, ...]
) -> Standing:
    window = known.window_days if known is not None and known.cuts else window_days(plan.history_days(plan.as_of))
    more = BEHAVIOUR if request.segment_set == DISCOVERED else ()
    features = tuple(dict.fromkeys((*(name for group in sets for name in group.features), *more)))
    now = Moment.now(plan.as_of)
    return standings_at(engine, [now], window, plan, features, EVERY_KEY)[now]
