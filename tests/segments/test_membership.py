"""Memberships: the runs of what each customer would be assigned on each day of the grid, and why they began."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.project.intervals import from_microseconds, midnight
from foretell.segments.lifecycle import Lifecycle
from foretell.segments.membership import NOT_YET, WHY, Memberships, joined_memberships, look_back, stays
from foretell.segments.nine_cells import NineCells
from foretell.segments.rfm import Rfm
from foretell.segments.segment_set import SegmentSet
from foretell.segments.standing import Moment, Standings
from foretell.segments.value import Value
from foretell.timelines.survey import Survey
from made_orders import Made, batch_of, made
from plain_standings import plain_standings

SETS: tuple[SegmentSet, ...] = (Rfm(), Lifecycle(), Value(), NineCells())
CODES = st.integers(1, 8).flatmap(
    lambda moments: st.lists(
        st.lists(st.integers(0, 2) | st.just(NOT_YET), min_size=0, max_size=moments).map(
            lambda own: [NOT_YET] * (moments - len(own)) + own
        ),
        max_size=5,
    ).map(lambda customers: np.array(customers, dtype=np.int64).reshape(len(customers), moments).T)
)
Stay = tuple[int, int, int, int]


def rows(found: Memberships) -> list[Stay]:
    """Customer, segment, begin and end of every stay."""
    key, segment, begin, end = (
        column.tolist() for column in (found.customer_key, found.segment, found.begin, found.end)
    )
    return list(zip(key, segment, begin, end, strict=True))


def plain_stays(codes: np.ndarray) -> list[Stay]:
    """The runs of each customer's codes, one after the other."""
    found = []
    for customer, own in enumerate(codes.T.tolist()):
        for code, run in groupby(range(len(own)), key=own.__getitem__):
            places = list(run)
            if code != NOT_YET:
                found.append((customer, code, places[0], places[-1] + 1))
    return found


@given(CODES)
def test_stays_are_runs(codes: np.ndarray) -> None:
    moments, customers = codes.shape
    why = np.arange(moments * customers).reshape(moments, customers)
    found = stays(np.arange(customers), codes, why)
    assert rows(found) == plain_stays(codes)
    assert found.why.tolist() == [why[begin, customer] for customer, _, begin, _ in rows(found)]
    assert len(found) == len(rows(found))


def grid_of(log: Made, steps: list[int]) -> list[int]:
    """Ascending local midnights up to the cutoff, so many days apart."""
    last = from_microseconds(log.cutoff, log.timezone).date()
    back = np.append(0, np.cumsum(steps)).tolist()
    return [midnight(last - timedelta(days=days), log.timezone) for days in reversed(back)]


def plain_why(log: Made, grid: list[int]) -> dict[tuple[str, int], str]:
    """What had happened to each customer by each place of the grid since the place before."""
    seen = [plain_standings(log.lines, log.timezone, cutoff, cutoff, 365) for cutoff in grid]
    told = {}
    for place, now in enumerate(seen):
        for name, facts in now.items():
            before = seen[place - 1].get(name) if place else None
            told[name, place] = (
                "already so when the look back begins" if not place
                else "first order" if before is None
                else "an order" if facts["lifetime_orders"] > before["lifetime_orders"]
                else "a refund" if facts["lifetime_spend"] < before["lifetime_spend"]
                else "no order"
            )  # fmt: skip
    return told


@settings(max_examples=30)
@given(made(), st.lists(st.sampled_from((1, 1, 7, 30, 120)), min_size=0, max_size=8))
def test_memberships_are_direct_assignments_on_every_day(log: Made, steps: list[int]) -> None:
    grid = grid_of(log, steps)
    batch = batch_of(log.lines, log.timezone, log.cutoff)
    survey = Survey.of(batch)
    now = Moment.now(log.cutoff)
    today = Standings((now,), 365, survey)(batch)[0]
    cuts = {group.name: group.fit(today) for group in SETS}
    found = look_back(grid, SETS, cuts, Standings((), 365, survey))(batch)
    ids = dict(zip(batch.customer_key.tolist(), batch.customer_id.to_pylist(), strict=True))
    why = plain_why(log, grid)
    assert len(found) == len(SETS)
    batches = [batch_of(log.lines, log.timezone, cutoff) for cutoff in grid]
    standings = [
        Standings((Moment.now(cutoff),), 365, survey)(one)[0] for cutoff, one in zip(grid, batches, strict=True)
    ]
    keys = sorted(ids)
    for group, own in zip(SETS, found, strict=True):
        direct = np.full((len(grid), len(keys)), NOT_YET)
        for place, one in enumerate(standings):
            direct[place, np.searchsorted(keys, one.customer_key)] = group.assign(one, cuts[group.name])
        expected = plain_stays(direct)
        assert rows(own) == [(keys[customer], *stay) for customer, *stay in expected]
        for key, begin, code in zip(own.customer_key.tolist(), own.begin.tolist(), own.why.tolist(), strict=True):
            assert WHY[code] == why[ids[key], begin]


@given(CODES, st.integers(0, 5))
def test_batches_are_joined_by_customer_and_time(codes: np.ndarray, split: int) -> None:
    keys = np.arange(codes.shape[1])
    parts = [stays(keys[side], codes[:, side], codes[:, side]) for side in (keys >= split, keys < split)]
    whole = joined_memberships(parts)
    assert rows(whole) == plain_stays(codes)
