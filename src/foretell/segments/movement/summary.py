"""The summary of a segment set: who is in each segment, what they are like, and how many it will hold."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.examples.plan import Plan
from foretell.project.intervals import day_of
from foretell.segments.membership import Memberships
from foretell.segments.migration.flows import Flows
from foretell.segments.movement.cut_points import KeptCuts
from foretell.segments.movement.outlook import SetOutlook
from foretell.segments.movement.proof import SetProof
from foretell.segments.profile import BEHAVIOUR, profiles
from foretell.segments.segment_set import SegmentSet
from foretell.segments.standing import Standing


@dataclass(frozen=True)
class SegmentLine:
    """One segment. `customers_before` were in it one horizon ago; `expected` of today's customers will be at the end of
    the horizon, 80 % interval `low` to `high`; `newcomers` besides; None where nothing is forecast. `spend` is that of
    the trailing window, `p_purchase` the mean chance of an order of today's members."""

    segment: str
    rule: str
    customers: int
    share_of_customers: float
    spend: float
    share_of_spend: float
    sentence: str
    customers_before: int | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    newcomers: float | None = None
    newcomers_low: float | None = None
    newcomers_high: float | None = None
    share_ordered_next: float | None = None
    mean_spend_next: float | None = None
    p_purchase: float | None = None


@dataclass(frozen=True)
class SetSummary:
    """One set over one horizon. `fitted_on` is the day of its cut points, `window_days` the length of their window;
    `served` forecasts, `reason` says why; `behind` and `coverage` as in the proof; `ageing_share` of the moves of the
    last horizon came by silence alone."""

    segment_set: str
    as_of: str
    horizon_days: int
    fitted_on: str
    window_days: float
    served: str
    reason: str
    tests: int
    behind: Mapping[str, Sequence[float]]
    coverage: float | None
    ageing_share: float | None
    segments: tuple[SegmentLine, ...]

    @property
    def best_baseline(self) -> str | None:
        """The baseline with the lowest log loss; None where nothing was compared."""
        return min(self.behind, key=lambda name: self.behind[name][0], default=None)


@dataclass(frozen=True)
class OfDay:
    """What is known of everybody on the day: the standing with what profiles read, the cut points, and P(order) of each
    customer by key."""

    plan: Plan
    standing: Standing
    cuts: KeptCuts
    purchase: np.ndarray
    currency: str


def summary_of(
    group: SegmentSet,
    outlook: SetOutlook,
    proof: SetProof | None,
    past: Flows | None,
    day: OfDay,
) -> SetSummary:
    """The summary of one set."""
    plan, today, cuts = day.plan, day.standing, day.cuts
    chance = mean_by_segment(outlook.start, day.purchase, len(group.segments))
    features = {name: today.facts[name] for name in BEHAVIOUR}
    found = profiles(outlook.start, group.segments, features, today.facts["spend"], day.currency, outlook.following)
    count, new = outlook.headcount(proof), outlook.newcomers(proof)
    before = past.customers.sum(axis=1) if past is not None else None
    lines = [
        SegmentLine(
            profile.segment,
            rule,
            profile.customers,
            told(profile.share_of_customers) or 0.0,
            profile.spend,
            told(profile.share_of_spend) or 0.0,
            profile.sentence,
            None if before is None else int(before[place]),
            float(count.expected[place]),
            float(count.low[place]),
            float(count.high[place]),
            None if new is None else float(new.expected[place]),
            None if new is None else float(new.low[place]),
            None if new is None else float(new.high[place]),
            told(profile.share_ordered_next),
            told(profile.mean_spend_next),
            told(float(chance[place])),
        )
        for place, (profile, rule) in enumerate(zip(found, group.rules, strict=True))
    ]
    return SetSummary(
        group.name,
        plan.as_of_day(),
        plan.horizon_days,
        day_of(cuts.fitted_at, plan.timezone),
        cuts.window_days,
        outlook.served,
        proof.reason if proof else "The history is too short to test a forecast of segments.",
        proof.tests if proof else 0,
        proof.behind if proof else {},
        proof.coverage if proof else None,
        told(past.ageing_share) if past is not None else None,
        tuple(lines),
    )


def mean_by_segment(codes: np.ndarray, values: np.ndarray, segments: int) -> np.ndarray:
    """float64 [segments]: the mean over the members; NaN without one."""
    members = np.bincount(codes, minlength=segments)
    totals = np.bincount(codes, weights=values, minlength=segments)
    return np.divide(totals, members, out=np.full(segments, np.nan), where=members > 0)


def since_and_before(found: Memberships, grid: Sequence[int], customers: int) -> tuple[np.ndarray, np.ndarray]:
    """int64 [customers]: the moment since which each customer, by key, is where they are, and the code of the segment
    before (-1 without one)."""
    last = np.flatnonzero(np.append(found.customer_key[1:] != found.customer_key[:-1], True))
    if len(last) != customers:
        raise ValueError(f"{len(last)} customers have a segment, {customers} are scored")
    before = np.full(customers, -1)
    has_one = np.zeros(customers, dtype=bool)
    has_one[1:] = last[1:] - 1 > last[:-1]
    has_one[0] = last[0] > 0
    before[has_one] = found.segment[last[has_one] - 1]
    return np.asarray(grid, dtype=np.int64)[found.begin[last]], before


def told(value: float) -> float | None:
    """The value; None where it is NaN."""
    return None if math.isnan(value) else float(value)
