"""Cut points: the ranks of those on whom they are fitted, and afterwards nobody's affair but one's own."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.segments.lifecycle import Lifecycle
from foretell.segments.nine_cells import NineCells
from foretell.segments.rfm import Rfm
from foretell.segments.segment_set import CLASSES, SegmentSet, classed, quintile_cuts
from foretell.segments.value import Value
from made_standings import Customer, populations, standing_of

VALUES = st.lists(st.floats(-1e6, 1e6) | st.sampled_from((0.0, 1.0)) | st.integers(0, 6), min_size=1, max_size=80)
SETS: tuple[SegmentSet, ...] = (Rfm(), Lifecycle(), Value(), NineCells())
EVERY_SET = pytest.mark.parametrize("group", SETS, ids=lambda group: group.name)


def class_by_rank(value: float, values: list[float]) -> int:
    """The class by the share of values below and half of those equal."""
    twice = 2 * sum(other < value for other in values) + sum(other == value for other in values)
    return min(CLASSES * twice // (2 * len(values)) + 1, CLASSES)


@given(VALUES)
def test_classes_are_the_ranks_of_those_on_whom_they_are_fitted(values: list[float]) -> None:
    found = classed(np.array(values), quintile_cuts(np.array(values)))
    assert found.tolist() == [class_by_rank(value, values) for value in values]


@given(VALUES)
def test_classes_rise_with_values_and_cuts_ascend(values: list[float]) -> None:
    cuts = quintile_cuts(np.array(values))
    assert len(cuts) == CLASSES - 1
    assert cuts == sorted(cuts)
    assert (np.diff(classed(np.sort(values), cuts)) >= 0).all()
    assert set(cuts) <= {*values, math.inf}


@given(st.integers(1, 60))
def test_distinct_values_fall_into_fifths(fifth: int) -> None:
    values = np.arange(5 * fifth)
    assert np.bincount(classed(values, quintile_cuts(values)))[1:].tolist() == [fifth] * 5


def test_nobody_gives_cuts_that_put_everybody_lowest() -> None:
    assert classed(np.array([-9.0, 9.0]), quintile_cuts(np.zeros(0))).tolist() == [1, 1]


@EVERY_SET
@given(populations(), populations(), st.randoms())
def test_nobody_changes_because_others_did(
    group: SegmentSet, people: list[Customer], others: list[Customer], random: Random
) -> None:
    cuts = group.fit(standing_of(people))
    alone = [int(group.assign(standing_of([one]), cuts)[0]) for one in people]
    crowd = [*people, *others]
    order = random.sample(range(len(crowd)), len(crowd))
    found = dict(zip(order, group.assign(standing_of([crowd[i] for i in order]), cuts).tolist(), strict=True))
    assert [found[i] for i in range(len(people))] == alone


@EVERY_SET
@given(populations(), populations())
def test_everybody_is_in_a_segment_that_has_a_rule(
    group: SegmentSet, people: list[Customer], later: list[Customer]
) -> None:
    cuts = group.fit(standing_of(people))
    for crowd in (people, later, []):
        codes = group.assign(standing_of(crowd), cuts)
        assert codes.dtype == np.int64
        assert ((codes >= 0) & (codes < len(group.segments))).all()
    assert len(set(group.segments)) == len(group.segments) == len(group.rules)
    assert set(group.levels) <= set(cuts)


@EVERY_SET
def test_cuts_of_nobody_are_cuts(group: SegmentSet) -> None:
    cuts = group.fit(standing_of([]))
    assert len(group.assign(standing_of([Customer(spend=5.0), Customer(900.0)]), cuts)) == 2


@EVERY_SET
@given(populations(), st.randoms())
def test_cuts_do_not_know_the_order_of_customers(group: SegmentSet, people: list[Customer], random: Random) -> None:
    shuffled = random.sample(people, len(people))
    assert group.fit(standing_of(shuffled)) == group.fit(standing_of(people))
