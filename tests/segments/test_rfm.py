"""RFM segments: everybody has one of the eleven, equals are treated equally, better is never worse."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.segments.rfm import CLASSES, RULES, classes, rfm_segments

NAMES = {name for name, _, _ in RULES}
CUSTOMER = st.tuples(
    st.sampled_from((0.5, 1.0, 30.0, 30.0, 400.0)) | st.floats(0, 4_000),
    st.sampled_from((0, 1, 1, 2)) | st.integers(0, 500),
    st.sampled_from((0.0, 0.0, 9.5)) | st.floats(-1e4, 1e7),
)
CUSTOMERS = st.lists(CUSTOMER, min_size=1, max_size=60)


def segments_of(customers: list[tuple[float, int, float]]) -> list[str]:
    recency, orders, spend = (np.array(column, dtype=np.float64) for column in zip(*customers, strict=True))
    found: list[str] = rfm_segments(recency, orders, spend).tolist()
    return found


def test_there_are_eleven_names() -> None:
    assert len(NAMES) == len(RULES) == 11


@pytest.mark.parametrize("recency", range(1, CLASSES + 1))
@pytest.mark.parametrize("value", range(1, CLASSES + 1))
def test_every_pair_of_classes_has_a_segment(recency: int, value: int) -> None:
    assert [name for name, r, v in RULES if r[0] <= recency <= r[1] and v[0] <= value <= v[1]]


@given(CUSTOMERS)
def test_everybody_has_one_of_the_eleven(customers: list[tuple[float, int, float]]) -> None:
    assert set(segments_of(customers)) <= NAMES


@given(CUSTOMERS, st.randoms())
def test_equal_customers_share_a_segment_in_any_order(
    customers: list[tuple[float, int, float]], random: Random
) -> None:
    found = dict(zip(customers, segments_of(customers), strict=True))
    assert [found[customer] for customer in customers] == segments_of(customers)
    shuffled = random.sample(customers, len(customers))
    assert segments_of(shuffled) == [found[customer] for customer in shuffled]


LAPSED = {"Cannot lose", "At risk", "About to sleep", "Hibernating", "Lost"}


@given(CUSTOMERS, st.floats(0, 1.9))
def test_where_all_bought_yesterday_nobody_has_lapsed(customers: list[tuple[float, int, float]], shift: float) -> None:
    yesterday = [(1 + shift / 2, orders, spend) for _, orders, spend in customers]
    assert not LAPSED & set(segments_of(yesterday))
    lately = [(7 * day / 4_000, orders, spend) for day, orders, spend in customers]
    assert not LAPSED & set(segments_of(lately))


@given(CUSTOMERS)
def test_one_order_makes_nobody_loyal(customers: list[tuple[float, int, float]]) -> None:
    found = zip(customers, segments_of(customers), strict=True)
    assert not {name for (_, orders, _), name in found if orders <= 1} & {"Champions", "Loyal", "Cannot lose"}


def test_a_first_order_of_yesterday_is_new_and_a_rhythm_is_ones_own() -> None:
    once = [(1.0, 1, 5.0 + n) for n in range(5)] + [(200.0, 1, 5.0 + n) for n in range(20)]
    assert segments_of(once)[0] == "New"
    monthly, weekly = (25.0, 12, 100.0), (25.0, 52, 100.0)
    found = segments_of([monthly, weekly, *[(day / 10, 12, 100.0) for day in range(40)]])
    assert (found[0] in LAPSED, found[1] in LAPSED) == (False, True)


def test_nobody_has_no_segment() -> None:
    assert rfm_segments(np.zeros(0), np.zeros(0), np.zeros(0)).tolist() == []


@given(st.lists(st.floats(-1e6, 1e6) | st.sampled_from((0.0, 1.0)), min_size=1, max_size=80))
def test_classes_rise_with_values_and_equals_share_one(values: list[float]) -> None:
    found = classes(np.array(values))
    assert set(found.tolist()) <= set(range(1, CLASSES + 1))
    order = np.argsort(values, kind="stable")
    assert (np.diff(found[order]) >= 0).all()
    for value in set(values):
        assert len({int(c) for c, other in zip(found, values, strict=True) if other == value}) == 1


@given(st.integers(1, 60))
def test_distinct_values_fall_into_fifths(fifth: int) -> None:
    assert np.bincount(classes(np.arange(5 * fifth)))[1:].tolist() == [fifth] * 5


@settings(max_examples=60)
@given(CUSTOMERS, st.integers(0, 59), st.floats(0.1, 1e5))
def test_more_spend_never_lowers_ones_own_classes(
    customers: list[tuple[float, int, float]], which: int, more: float
) -> None:
    spend = np.array([customer[2] for customer in customers])
    richer = spend.copy()
    richer[which % len(spend)] += more
    assert classes(richer)[which % len(spend)] >= classes(spend)[which % len(spend)]


def test_the_names_stand_where_marketers_expect_them() -> None:
    days = np.repeat([1.0, 40.0, 90.0, 200.0, 380.0], 5)
    worth = np.tile([1.0, 2.0, 3.0, 4.0, 5.0], 5)
    found = rfm_segments(days, worth, worth).reshape(5, 5).tolist()
    assert found == [
        ["New", "Potential loyalist", "Potential loyalist", "Champions", "Champions"],
        ["Promising", "Potential loyalist", "Potential loyalist", "Loyal", "Loyal"],
        ["About to sleep", "About to sleep", "Need attention", "Loyal", "Loyal"],
        ["Hibernating", "Hibernating", "At risk", "At risk", "At risk"],
        ["Lost", "Lost", "At risk", "At risk", "Cannot lose"],
    ]
