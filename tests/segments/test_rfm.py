"""RFM segments: everybody has one of the eleven, equals are treated equally, better is never worse."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.segments.rfm import RULES, Rfm
from foretell.segments.segment_set import CLASSES
from made_standings import Customer, standing_of

NAMES = {name for name, _, _ in RULES}
Facts = tuple[float, int, float]
CUSTOMER = st.tuples(
    st.sampled_from((0, 1, 30, 30, 400)) | st.integers(0, 4_000),
    st.sampled_from((0, 1, 1, 2)) | st.integers(0, 500),
    st.sampled_from((0.0, 0.0, 9.5)) | st.floats(0, 1e7),
)
CUSTOMERS = st.lists(CUSTOMER, min_size=1, max_size=60)
LAPSED = {"Cannot lose", "At risk", "About to sleep", "Hibernating", "Lost"}


def people(customers: Sequence[Facts]) -> list[Customer]:
    return [Customer(silent, orders, spend) for silent, orders, spend in customers]


def segments_of(customers: Sequence[Facts], window_days: float = 365) -> list[str]:
    """Fitted and assigned on the same day; silent days, orders and spend of each."""
    standing = standing_of(people(customers), window_days)
    codes = Rfm().assign(standing, Rfm().fit(standing))
    return [Rfm.segments[code] for code in codes]


def test_there_are_eleven_names() -> None:
    assert len(NAMES) == len(RULES) == len(Rfm().rules) == 11
    assert tuple(name for name, _, _ in RULES) == Rfm.segments


@pytest.mark.parametrize("recency", range(1, CLASSES + 1))
@pytest.mark.parametrize("value", range(1, CLASSES + 1))
def test_every_pair_of_classes_has_a_segment(recency: int, value: int) -> None:
    assert [name for name, r, v in RULES if r[0] <= recency <= r[1] and v[0] <= value <= v[1]]


@given(CUSTOMERS)
def test_everybody_has_one_of_the_eleven(customers: list[Facts]) -> None:
    assert set(segments_of(customers)) <= NAMES


@given(CUSTOMERS)
def test_the_segment_is_the_first_rule_that_holds_of_the_classes(customers: list[Facts]) -> None:
    standing = standing_of(people(customers))
    cuts = Rfm().fit(standing)
    for r, v, code in zip(*Rfm().classes(standing, cuts), Rfm().assign(standing, cuts), strict=True):
        fitting = [
            name for name, recency, value in RULES if recency[0] <= r <= recency[1] and value[0] <= v <= value[1]
        ]
        assert Rfm.segments[code] == fitting[0]


@given(CUSTOMERS, st.randoms())
def test_equal_customers_share_a_segment_in_any_order(customers: list[Facts], random: Random) -> None:
    found = dict(zip(customers, segments_of(customers), strict=True))
    assert [found[customer] for customer in customers] == segments_of(customers)
    shuffled = random.sample(customers, len(customers))
    assert segments_of(shuffled) == [found[customer] for customer in shuffled]


@given(CUSTOMERS, st.integers(0, 1))
def test_where_all_bought_yesterday_nobody_has_lapsed(customers: list[Facts], silent: int) -> None:
    yesterday = [(silent, orders, spend) for _, orders, spend in customers]
    assert not LAPSED & set(segments_of(yesterday))
    lately = [(7 * day // 4_000, orders, spend) for day, orders, spend in customers]
    assert not LAPSED & set(segments_of(lately))


@given(CUSTOMERS)
def test_one_order_makes_nobody_loyal(customers: list[Facts]) -> None:
    found = zip(customers, segments_of(customers), strict=True)
    assert not {name for (_, orders, _), name in found if orders <= 1} & {"Champions", "Loyal", "Cannot lose"}


def test_a_first_order_of_yesterday_is_new_and_a_rhythm_is_ones_own() -> None:
    once = [(1, 1, 5.0 + n) for n in range(5)] + [(200, 1, 5.0 + n) for n in range(20)]
    assert segments_of(once)[0] == "New"
    monthly, weekly = (25, 12, 100.0), (25, 52, 100.0)
    found = segments_of([monthly, weekly, *[(day // 10, 12, 100.0) for day in range(40)]])
    assert (found[0] in LAPSED, found[1] in LAPSED) == (False, True)


def test_in_a_shorter_window_a_rhythm_is_shorter() -> None:
    crowd = [(day // 10, 12, 100.0) for day in range(40)]
    assert segments_of([(20, 12, 100.0), *crowd])[0] not in LAPSED
    assert segments_of([(20, 12, 100.0), *crowd], window_days=90)[0] in LAPSED


def test_nobody_has_no_segment() -> None:
    assert segments_of([]) == []


@settings(max_examples=60)
@given(CUSTOMERS, st.integers(0, 59), st.floats(0.1, 1e5), st.integers(0, 400), st.integers(1, 9))
def test_better_is_never_worse(customers: list[Facts], which: int, more: float, sooner: int, orders: int) -> None:
    cuts = Rfm().fit(standing_of(people(customers)))
    silent, count, spend = customers[which % len(customers)]
    same, richer, back = (
        Rfm().classes(standing_of(people([one])), cuts)
        for one in (
            (silent, count, spend),
            (silent, count + orders, spend + more),
            (max(silent - sooner, 0), count, spend),
        )
    )
    assert richer[1] >= same[1]
    assert back[0] >= same[0]
    assert back[1] == same[1]


def test_the_names_stand_where_marketers_expect_them() -> None:
    days = np.repeat([1, 40, 90, 200, 380], 5).tolist()
    worth = np.tile([1, 2, 3, 4, 5], 5).tolist()
    found = segments_of([(day, one, float(one)) for day, one in zip(days, worth, strict=True)])
    assert [found[start : start + 5] for start in range(0, 25, 5)] == [
        ["New", "Potential loyalist", "Potential loyalist", "Champions", "Champions"],
        ["Promising", "Potential loyalist", "Potential loyalist", "Loyal", "Loyal"],
        ["About to sleep", "About to sleep", "Need attention", "Loyal", "Loyal"],
        ["Hibernating", "Hibernating", "At risk", "At risk", "At risk"],
        ["Lost", "Lost", "At risk", "At risk", "Cannot lose"],
    ]
