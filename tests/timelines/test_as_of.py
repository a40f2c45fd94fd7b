from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.timelines.as_of import Past, ratio
from foretell.timelines.facts import Facts
from made_facts import CUSTOMERS, DAY, Row, facts_of

CUTOFF = 30 * DAY
WINDOWS = st.sampled_from([(None, 0.0), (7.0, 0.0), (14.0, 7.0), (30.0, 0.0), (None, 7.0), (1 / 24, 0.0)])


def inside(own: list[Row], since: float | None, until: float) -> list[Row]:
    begin = -math.inf if since is None else CUTOFF - round(since * DAY)
    return [row for row in own if begin <= row.happened_at < CUTOFF - round(until * DAY)]


@given(CUSTOMERS, WINDOWS)
def test_windows_answer_as_a_loop_does(customers: list[list[Row]], window: tuple[float | None, float]) -> None:
    past = Past(facts_of(customers), CUTOFF)
    rows = [inside(own, *window) for own in customers]
    assert past.count(*window).tolist() == [len(own) for own in rows]
    assert past.total("value", *window).tolist() == [sum(row.value for row in own) for own in rows]
    assert past.distinct("product", *window).tolist() == [len({r.product for r in own} - {0}) for own in rows]
    for answer, choice in ((past.maximum, max), (past.minimum, min)):
        expected = [float(choice(row.value for row in own)) if own else math.nan for own in rows]
        np.testing.assert_array_equal(answer("value", *window), np.array(expected, dtype=float))


@given(CUSTOMERS, st.sampled_from([0.5, 1, 3, 30]))
def test_stretches_are_those_in_which_a_loop_finds_a_fact(customers: list[list[Row]], length: float) -> None:
    found = Past(facts_of(customers), CUTOFF).stretches(length)
    for own, count in zip(customers, found.tolist(), strict=True):
        ages = [CUTOFF - 1 - row.happened_at for row in own if row.happened_at < CUTOFF]
        assert count == len({age // round(length * DAY) for age in ages})


@given(CUSTOMERS, st.sampled_from([0.0, 0.5, 0.9, 1.0]))
def test_quantiles_are_of_known_values_before_the_cutoff(customers: list[list[Row]], share: float) -> None:
    known = [sorted(row.value for row in inside(own, None, 0) if row.value >= 0) for own in customers]
    expected = [float(values[math.floor(share * (len(values) - 1))]) if values else math.nan for values in known]
    np.testing.assert_array_equal(Past(facts_of(customers), CUTOFF).quantile("value", share), np.array(expected, float))


@given(CUSTOMERS, st.integers(0, 2), st.integers(30 * DAY - 2, 30 * DAY + DAY))
def test_decay_goes_by_whole_days_of_age(customers: list[list[Row]], back: int, cutoff: int) -> None:
    past = Past(facts_of(customers), cutoff)
    before = [[row for row in own if row.happened_at < cutoff] for own in customers]
    weighed = [[(2.0 ** -((cutoff - r.happened_at) // DAY / 15), r.value) for r in own] for own in before]
    np.testing.assert_allclose(past.decayed(15), [sum(w for w, _ in own) for own in weighed], rtol=1e-12)
    np.testing.assert_allclose(
        past.decayed(15, "value"), [sum(w * v for w, v in own) for own in weighed], rtol=1e-9, atol=1e-9
    )
    nth = [float(own[-1 - back].value) if len(own) > back else math.nan for own in before]
    np.testing.assert_array_equal(past.last("value", back), np.array(nth, float))
    first = [float(own[back].value) if len(own) > back else math.nan for own in before]
    np.testing.assert_array_equal(past.first("value", back), np.array(first, float))


@given(CUSTOMERS)
def test_a_customer_alone_has_the_same_bits(customers: list[list[Row]]) -> None:
    def answers(some: list[list[Row]]) -> np.ndarray:
        past = Past(facts_of(some), CUTOFF)
        columns = [past.decayed(45), past.decayed(45, "value"), past.quantile("value", 0.5), past.maximum("value")]
        return np.stack([*columns, past.total("value").astype(float)], axis=1)

    together = answers(customers)
    for place, own in enumerate(customers):
        assert answers([own]).tobytes() == together[place : place + 1].tobytes()


@given(CUSTOMERS, st.lists(st.integers(0, 10), min_size=1, max_size=4))
def test_what_comes_later_changes_no_bit(customers: list[list[Row]], later: list[int]) -> None:
    more = [own + [Row(max(40 * DAY, CUTOFF) + n, 9, 3) for n in sorted(later)] for own in customers]

    def answers(some: list[list[Row]]) -> bytes:
        past = Past(facts_of(some), CUTOFF)
        return b"".join(
            answer.tobytes()
            for answer in (
                past.decayed(15), past.decayed(365, "value"), past.quantile("value", 0.9), past.maximum("value"),
                past.minimum("value", 7), past.distinct("product"), past.distinct("product", 14), past.last("value"),
                past.total("square_product"), past.count(30),
            )
        )  # fmt: skip

    assert answers(customers) == answers(more)


def test_windows_are_half_open_to_the_microsecond() -> None:
    begin = CUTOFF - 7 * DAY
    past = Past(
        facts_of([[Row(begin - 1, 1, 0), Row(begin, 10, 0), Row(CUTOFF - 1, 100, 0), Row(CUTOFF, 1000, 0)]]), CUTOFF
    )
    assert past.total("value", since=7).tolist() == [110]
    assert past.total("value", until=7).tolist() == [1]
    assert past.total("value").tolist() == [111]


def test_a_fact_at_the_cutoff_has_no_weight() -> None:
    assert Past(facts_of([[Row(CUTOFF, 5, 0)]]), CUTOFF).decayed(15).tolist() == [0]
    assert Past(facts_of([[Row(CUTOFF - 1, 5, 0)]]), CUTOFF).decayed(15, "value").tolist() == [5]


def test_facts_are_read_when_first_asked_for() -> None:
    read = []

    def reading() -> Facts:
        read.append(1)
        return facts_of([[Row(0, 5, 0)]])

    past = Past(reading, CUTOFF)
    assert read == []
    assert past.count().tolist() == [1]
    assert past.total("value").tolist() == [5]
    assert read == [1]


@pytest.mark.parametrize("customers", [[], [[]], [[], []]])
def test_nothing_gives_nothing(customers: list[list[Row]]) -> None:
    past = Past(facts_of(customers), CUTOFF)
    for zero in (
        past.count(),
        past.total("value", 7),
        past.decayed(15),
        past.distinct("product", 7),
        past.stretches(7),
    ):
        assert zero.tolist() == [0] * len(customers)
    for null in (past.last("value"), past.maximum("value"), past.minimum("value"), past.quantile("value", 0.5)):
        np.testing.assert_array_equal(null, np.full(len(customers), np.nan))


@given(st.lists(st.tuples(st.integers(-(2**40), 2**40), st.integers(-50, 50)), max_size=12))
def test_a_ratio_is_null_exactly_where_there_is_nothing_to_divide_by(pairs: list[tuple[int, int]]) -> None:
    part, whole = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    found = ratio(part, whole)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, [a / b if b else np.nan for a, b in pairs])


def test_null_over_something_stays_null() -> None:
    np.testing.assert_array_equal(ratio(np.array([np.nan, 0.0]), np.array([2.0, 0.0])), [np.nan, np.nan])


@given(CUSTOMERS, st.integers(20 * DAY, 31 * DAY), st.integers(-1, 3))
def test_facts_after_a_moment_of_ones_own_are_counted(customers: list[list[Row]], moment: int, chosen: int) -> None:
    past = Past(facts_of(customers), CUTOFF)
    own = np.array([math.nan if place == chosen else moment - place * DAY for place in range(len(customers))], float)
    after = [
        [row for row in rows if row.happened_at < CUTOFF and not row.happened_at <= since]
        for rows, since in zip(customers, own.tolist(), strict=True)
    ]
    assert past.count_after(own).tolist() == [len(rows) for rows in after]
    assert past.total_after("value", own).tolist() == [sum(row.value for row in rows) for rows in after]


@given(CUSTOMERS, WINDOWS, st.lists(st.sampled_from([0, 3, -7, 5]), min_size=1, max_size=2, unique=True))
def test_facts_of_some_values_are_those_facts_alone(
    customers: list[list[Row]], window: tuple[float | None, float], values: list[int]
) -> None:
    whole = Past(facts_of(customers), CUTOFF)
    whole.count(since=7)
    some = whole.where("product", *values)
    rows = [[row for row in inside(own, *window) if row.product in values] for own in customers]
    assert some.count(*window).tolist() == [len(own) for own in rows]
    assert some.total("value", *window).tolist() == [sum(row.value for row in own) for own in rows]
    assert whole.where("product", *values) is some
