from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.timelines.facts import Facts
from made_facts import CUSTOMERS, DAY, MOMENTS, Row, facts_of


@given(CUSTOMERS, st.lists(MOMENTS, min_size=1, max_size=6, unique=True).map(sorted))
def test_positions_are_those_of_a_loop(customers: list[list[Row]], boundaries: list[int]) -> None:
    facts = facts_of(customers)
    expected = [
        [
            start + sum(row.happened_at < boundary for row in own)
            for start, own in zip(facts.offsets, customers, strict=False)
        ]
        for boundary in boundaries
    ]
    shape = (len(boundaries), len(customers))
    np.testing.assert_array_equal(facts.positions(np.array(boundaries)), np.reshape(expected, shape))
    found_one_by_one = [facts_of(customers).position(boundary) for boundary in boundaries]
    np.testing.assert_array_equal(np.reshape(found_one_by_one, shape), np.reshape(expected, shape))


@given(CUSTOMERS)
def test_prefix_sums_are_exact(customers: list[list[Row]]) -> None:
    values = [row.value for own in customers for row in own]
    assert facts_of(customers).prefix("value").tolist() == [sum(values[:n]) for n in range(len(values) + 1)]


def test_differences_of_sums_that_wrap_around_are_right() -> None:
    facts = Facts(np.array([0, 3]), {"amount": np.array([2**62, 2**62, 5])})
    sums = facts.prefix("amount")
    assert sums[2] < 0
    assert sums[3] - sums[2] == 5


@given(CUSTOMERS)
def test_occurrences_are_those_of_a_loop(customers: list[list[Row]]) -> None:
    facts = facts_of(customers)
    times, following = [], []
    row_number = 0
    for own in customers:
        for place, row in enumerate(own):
            times.append(sum(r.product == row.product for r in own[: place + 1]) if row.product else 0)
            later = [n for n in range(place + 1, len(own)) if own[n].product == row.product]
            following.append(row_number - place + later[0] if later and row.product else len(facts))
            row_number += 1
    found = facts.occurrence("product")
    assert found.times.tolist() == times
    named = facts.columns["product"] != 0
    np.testing.assert_array_equal(found.following[named], np.array(following, dtype=np.int64)[named])


@given(CUSTOMERS)
def test_the_running_maximum_starts_anew_with_each_customer(customers: list[list[Row]]) -> None:
    facts = facts_of(customers)
    expected = [max(r.value for r in own[: n + 1]) for own in customers for n in range(len(own))]
    found = facts.running_maximum("value")
    assert found is not None
    assert found.tolist() == expected


def test_values_too_far_apart_for_a_running_maximum() -> None:
    facts = Facts(np.array([0, 1, 2]), {"amount": np.array([-(2**62), 2**62])})
    assert facts.running_maximum("amount") is None


@given(CUSTOMERS)
def test_rows_ascend_by_customer_and_value(customers: list[list[Row]]) -> None:
    rows, customer, before = facts_of(customers).ascending("value")
    kept = [(i, row.value) for i, own in enumerate(customers) for row in own]
    expected = sorted(n for n in range(len(kept)) if kept[n][1] >= 0)
    expected.sort(key=lambda n: kept[n])
    assert rows.tolist() == expected
    assert customer.tolist() == [kept[n][0] for n in expected]
    assert before[-1] == len(expected)


@given(CUSTOMERS, st.randoms(use_true_random=False))
def test_what_is_kept_is_what_was_never_there(customers: list[list[Row]], random: Random) -> None:
    mask = [[random.random() < 0.6 for _ in own] for own in customers]
    chosen = [
        [row for row, keep in zip(own, keeps, strict=True) if keep] for own, keeps in zip(customers, mask, strict=True)
    ]
    kept = facts_of(customers).kept(np.array([keep for keeps in mask for keep in keeps], dtype=bool))
    other = facts_of(chosen)
    np.testing.assert_array_equal(kept.offsets, other.offsets)
    for name in ("value", "new_product", "square_product"):
        np.testing.assert_array_equal(kept.columns[name], other.columns[name])


def test_the_days_of_moments_before_1970() -> None:
    day, rest = Facts(np.array([0, 2]), {"happened_at": np.array([-1, DAY])}).utc_day
    assert (day.tolist(), rest.tolist()) == ([-1, 1], [DAY - 1, 0])


def test_an_unknown_column_names_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"colour is none of .*happened_at.*new_product"):
        facts_of([[]]).columns["colour"]


def test_follows_marks_all_but_first_rows() -> None:
    facts = facts_of([[Row(0, 1, 0)] * 2, [], [Row(0, 1, 0)]])
    assert facts.follows.tolist() == [False, True, False]
