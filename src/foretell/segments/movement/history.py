"""The history of segments: who was where from when to when, and who went where between two dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from foretell.examples.plan import Plan
from foretell.project.intervals import from_microseconds, midnight
from foretell.segments.membership import Memberships, joined_memberships, look_back
from foretell.segments.migration.flows import Flows, Journeys, flows
from foretell.segments.movement.cut_points import KeptCuts
from foretell.segments.segment_set import Cuts, SegmentSet
from foretell.segments.standing import Moment, Standing, Standings, joined
from foretell.timelines.engine import Engine

LONGEST_DAYS = 365
DAILY_CUSTOMERS = 20_000
WEEK_DAYS = 7
ORDERED = -1
"""The landing of whoever ordered: silence brought them nowhere."""


def look_back_grid(plan: Plan) -> tuple[int, ...]:
    """Local midnights up to the as-of date, ascending: every day of the last year that the log holds, every week where
    more than 20,000 customers ordered."""
    step = 1 if plan.survey.customers <= DAILY_CUSTOMERS else WEEK_DAYS
    last = from_microseconds(plan.as_of, plan.timezone).date()
    grid = []
    for back in range(0, LONGEST_DAYS + 1, step):
        cutoff = midnight(last - timedelta(days=back), plan.timezone) if back else plan.as_of
        if back and cutoff <= plan.survey.log_start:
            break
        grid.append(cutoff)
    return tuple(reversed(grid))


def memberships_of(
    engine: Engine, plan: Plan, sets: Sequence[SegmentSet], cuts: KeptCuts, grid: Sequence[int]
) -> dict[str, Memberships]:
    """The memberships in each set by name; also of those all of whose orders were taken back since."""
    features = tuple(dict.fromkeys(name for group in sets for name in group.features))
    look = look_back(grid, sets, cuts.cuts, Standings((), cuts.window_days, plan.survey, features))
    parts = list(engine.over(look, plan.as_of))
    return {group.name: joined_memberships([part[place] for part in parts]) for place, group in enumerate(sets)}


def flows_between(
    engine: Engine, plan: Plan, sets: Sequence[SegmentSet], cuts: KeptCuts, between: tuple[int, int]
) -> dict[str, Flows]:
    """The flows of each set between two cutoffs, the earlier one first, with the cut points given."""
    begin, end = between
    features = tuple(dict.fromkeys(name for group in sets for name in group.features))
    moments = (Moment.now(begin), Moment(end, begin), Moment.now(end))
    parts = list(engine.over(Standings(moments, cuts.window_days, plan.survey, features), plan.as_of))
    now, landing, later = (joined([part[place] for part in parts]) for place in range(3))
    stayed = np.isin(now.customer_key, later.customer_key)
    now, landing = now.take(stayed), landing.take(stayed)
    known = np.isin(later.customer_key, now.customer_key)
    old, new = later.take(known), later.take(~known)
    spent = np.maximum(old.facts["lifetime_spend"] - now.facts["lifetime_spend"], 0.0)
    seen = _Between(now, landing, old, spent, new)
    return {group.name: _flows_of(group, cuts.cuts[group.name], seen) for group in sets}


@dataclass(frozen=True)
class _Between:
    """Customers at the first cutoff, where silence leads them, the same at the second with what they spent on the way,
    and who came newly."""

    now: Standing
    landing: Standing
    old: Standing
    spent: np.ndarray
    new: Standing


def _flows_of(group: SegmentSet, cuts: Cuts, seen: _Between) -> Flows:
    now, landing, old, spent, new = seen.now, seen.landing, seen.old, seen.spent, seen.new
    idle = old.facts["lifetime_orders"] == now.facts["lifetime_orders"]
    known = Journeys(
        start=group.assign(now, cuts),
        landing=np.where(idle, group.assign(landing, cuts), ORDERED),
        end=group.assign(old, cuts),
        spend=spent,
    )
    return flows(len(group.segments), known, group.assign(new, cuts), new.facts["lifetime_spend"])
