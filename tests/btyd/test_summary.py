"""What the processes read of customers: repeats and weeks, the same customers told once with their number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.btyd.summary import CannotFit, Summary, in_weeks, require_repeat_customers, summarised

FACTS = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=30)


def columns(facts: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    days, last, observed = np.array(facts, dtype=np.float64).T
    return days, last, observed


def test_days_become_weeks_and_the_first_purchase_is_no_repeat() -> None:
    x, t_x, age = in_weeks(np.array([1, 3, 2]), np.array([5, 21, 70]), np.array([14, 35, 35]))
    assert x.tolist() == [0, 2, 1]
    assert t_x.tolist() == [0, 3, 5]
    assert age.tolist() == [2, 5, 5]


@given(FACTS)
def test_the_last_purchase_is_never_after_the_observation(facts: list[tuple[int, int, int]]) -> None:
    x, t_x, age = in_weeks(*columns(facts))
    assert ((t_x >= 0) & (t_x <= age)).all()
    assert (t_x[x == 0] == 0).all()


@given(FACTS, st.integers(0, 9))
def test_each_triple_stands_once_whatever_the_order_of_rows(facts: list[tuple[int, int, int]], seed: int) -> None:
    found = summarised(*columns(facts))
    again = summarised(*(column[np.random.default_rng(seed).permutation(len(facts))] for column in columns(facts)))
    triples = list(zip(*in_weeks(*columns(facts)), strict=True))
    told = list(zip(found.repeats, found.recency_weeks, found.age_weeks, strict=True))
    assert told == sorted(set(triples))
    assert found.customers.tolist() == [triples.count(triple) for triple in told]
    for name in ("repeats", "recency_weeks", "age_weeks", "customers"):
        assert getattr(found, name).tobytes() == getattr(again, name).tobytes()


def test_nobody_gives_nothing() -> None:
    found = summarised(np.zeros(0), np.zeros(0), np.zeros(0))
    assert (len(found.repeats), len(found.customers)) == (0, 0)


def test_five_repeat_customers_are_needed_and_counted() -> None:
    def of(repeat: float) -> Summary:
        return Summary(np.array([0.0, 2.0]), np.array([0.0, 1.0]), np.array([3.0, 3.0]), np.array([40.0, repeat]))

    require_repeat_customers(of(5))
    with pytest.raises(CannotFit, match="only 4 of 44 customers have bought on more than one day; 5 are needed"):
        require_repeat_customers(of(4))
