"""Standings over the whole log: one pass over the engine for any number of moments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foretell.examples.plan import Plan
from foretell.project.intervals import days
from foretell.segments.migration.moves import Moves, moves, stacked_moves
from foretell.segments.segment_set import Cuts, SegmentSet
from foretell.segments.standing import Moment, Standing, Standings, joined
from foretell.timelines.engine import Engine

At = dict[Moment, Standing]


def standings_at(
    engine: Engine,
    moments: Sequence[Moment],
    window_days: float,
    plan: Plan,
    features: tuple[str, ...],
    largest_key: int,
) -> At:
    """The standing of every customer at each moment."""
    wanted = Standings(tuple(dict.fromkeys(moments)), window_days, plan.survey, features)
    parts = list(engine.over(wanted, plan.as_of, largest_key))
    return {moment: joined([part[place] for part in parts]) for place, moment in enumerate(wanted.moments)}


def moments_of(cutoff: int, horizon_days: int) -> tuple[Moment, Moment, Moment]:
    """Of one cutoff: now, where silence leads, and what came."""
    later = cutoff + days(horizon_days)
    return Moment.now(cutoff), Moment(later, cutoff), Moment.now(later)


def moves_at(at: At, group: SegmentSet, cuts: Cuts, cutoff: int, horizon_days: int) -> Moves:
    """The moves of one cutoff; with what came, where that was asked for."""
    now, landing, later = moments_of(cutoff, horizon_days)
    return moves(group, cuts, at[now], at[landing], at.get(later))


def taught_by(at: At, group: SegmentSet, cuts: Cuts, cutoffs: Sequence[int], horizon_days: int) -> Moves:
    """The moves of all cutoffs together, with what came."""
    return stacked_moves([moves_at(at, group, cuts, cutoff, horizon_days) for cutoff in cutoffs])


def newcomers_at(at: At, group: SegmentSet, cuts: Cuts, cutoff: int, horizon_days: int) -> np.ndarray:
    """float64 [segments]: how many who first ordered after the cutoff are in each segment at cutoff + horizon."""
    now, _, later = moments_of(cutoff, horizon_days)
    known, then = at[now].customer_key, at[later]
    new = then.take(~np.isin(then.customer_key, known))
    return np.bincount(group.assign(new, cuts), minlength=len(group.segments)).astype(np.float64)
