"""Moves: who did not order stands where silence leads, exactly; and what tells where an order leads is always told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.project.intervals import days
from foretell.segments.lifecycle import Lifecycle
from foretell.segments.migration.moves import Moves, moves, reachable, stacked_moves
from foretell.segments.nine_cells import NineCells
from foretell.segments.rfm import Rfm
from foretell.segments.segment_set import SegmentSet
from foretell.segments.standing import Moment, Standing, Standings
from foretell.segments.value import Value
from foretell.timelines.survey import Survey
from made_orders import DAY, Line, Made, batch_of, made
from made_standings import Customer, populations, standing_of
from plain_timelines import customers_of, parts_of, split

SETS: tuple[SegmentSet, ...] = (Rfm(), Lifecycle(), Value(), NineCells())
HORIZONS = st.sampled_from((1, 7, 30, 90, 365))
EVERY_SET = pytest.mark.parametrize("group", SETS, ids=lambda group: group.name)


def three(lines: Sequence[Line], log: Made, cutoff: int, horizon_days: int) -> tuple[Standing, Standing, Standing]:
    """The standings at the cutoff, where silence leads, and what came."""
    later = cutoff + days(horizon_days)
    batch = batch_of(lines, log.timezone)
    now, landing, came = Standings(
        (Moment.now(cutoff), Moment(later, cutoff), Moment.now(later)), 365, Survey.of(batch)
    )(batch)
    return now, landing, came


@settings(max_examples=40)
@given(made(customers=6, most_orders=24, ends=False), HORIZONS, st.sampled_from((0, 40, 180)))
def test_who_did_not_order_stands_where_silence_leads(log: Made, horizon_days: int, back: int) -> None:
    lines = [replace(line, amount=abs(line.amount), known_at=line.happened_at) for line in log.lines]
    lines = [replace(line, order_id=str(number)) for number, line in enumerate(lines)]
    now, landing, later = three(lines, log, log.cutoff - back * DAY, horizon_days)
    for group in SETS:
        found = moves(group, group.fit(now), now, landing, later)
        end, ordered = found.came()
        assert (end[~ordered] == found.landing[~ordered]).all(), group.name
        assert found.spent is not None
        assert (found.spent[~ordered] == 0).all()


@settings(max_examples=40)
@given(made(ends=False), HORIZONS)
def test_an_order_counts_where_it_happened_in_between_and_was_known_by_then(log: Made, horizon_days: int) -> None:
    end = log.cutoff + days(horizon_days)
    now, landing, later = three(log.lines, log, log.cutoff, horizon_days)
    found = moves(Rfm(), Rfm().fit(now), now, landing, later)
    batch = batch_of(log.lines, log.timezone)
    ids = dict(zip(batch.customer_key.tolist(), batch.customer_id.to_pylist(), strict=True))
    ordered = {}
    for name, own in customers_of([line for line in log.lines if max(line.happened_at, line.known_at) < end]).items():
        orders, _ = split(parts_of(own, log.timezone))
        ordered[name] = any(log.cutoff <= order.happened < end for order in orders)
    assert found.came()[1].tolist() == [ordered[ids[key]] for key in found.customer_key.tolist()]


@EVERY_SET
@given(populations(), populations())
def test_what_tells_where_an_order_leads_is_finite(
    group: SegmentSet, people: list[Customer], others: list[Customer]
) -> None:
    cuts = group.fit(standing_of(others))
    aged = standing_of([replace(one, silent_days=one.silent_days + 30, orders=0) for one in people])
    found = moves(group, cuts, standing_of(people), aged)
    assert found.inputs.dtype == np.float64
    assert len(found.inputs) == len(found) == len(people)
    assert np.isfinite(found.inputs).all()
    size = len(group.segments)
    assert found.inputs[:, -size:].argmax(axis=1).tolist() == found.landing.tolist()
    assert found.inputs[:, -2 * size : -size].argmax(axis=1).tolist() == found.start.tolist()
    with pytest.raises(ValueError, match="not known yet"):
        found.came()


@EVERY_SET
@given(populations(), st.data())
def test_inputs_are_ones_own(group: SegmentSet, people: list[Customer], data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(people) - 1))
    cuts = group.fit(standing_of(people))
    whole, alone = (moves(group, cuts, standing_of(crowd), standing_of(crowd)) for crowd in (people, [people[which]]))
    assert whole.inputs[which].tolist() == alone.inputs[0].tolist()


@given(populations())
def test_whoever_buys_within_ten_days_is_neither_cooling_nor_lost(people: list[Customer]) -> None:
    found = reachable(Lifecycle(), {"gap_days": [30.0]}, standing_of(people), 10)
    names = {name for name, may in zip(Lifecycle.segments, found, strict=True) if may}
    assert names
    assert not {"Cooling", "At risk", "Dormant", "Lost"} & names


def test_an_order_may_be_worth_nothing_or_much() -> None:
    spender, free = Customer(spend=5.0, lifetime_spend=5.0), Customer()
    for one, expected in ((spender, [True, True, True, False, False]), (free, [False, False, False, False, True])):
        assert reachable(Value(), {"spend": [5.0, 10.0, 100.0]}, standing_of([one]), 10).tolist() == expected


def test_nobody_reaches_nothing() -> None:
    assert not reachable(Rfm(), Rfm().fit(standing_of([])), standing_of([]), 30).any()


def test_cutoffs_are_stacked_in_their_order() -> None:
    part = Moves(("a", "b"), np.arange(2), np.arange(2), np.arange(2), np.eye(2), np.ones(2, int),
                 np.array([True, False]), np.array([3.0, 0.0]))  # fmt: skip
    whole = stacked_moves([part, part])
    assert len(whole) == 4
    assert whole.customer_key.tolist() == [0, 1, 0, 1]
    assert whole.came()[1].tolist() == [True, False] * 2
    assert whole.inputs.shape == (4, 2)
