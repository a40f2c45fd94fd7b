"""Daily series of KPIs, beside what one counts by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.outcomes.kpis.series import Daily, flows_of, revenue_per_customer, standings_of
from foretell.project.intervals import days
from foretell.timelines.batch import Timelines
from foretell.timelines.engine import Engine
from foretell.timelines.survey import Survey
from made_batch import batch

WINDOWS = {"active customers": 9, "repeat rate": 20, "revenue per customer": 14, "churned revenue": 7}
LAST = 59
ORDERS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, LAST), st.integers(1, 99)), min_size=1, max_size=40)


class One:
    """A bucket that is already read."""

    def __init__(self, whole: Timelines) -> None:
        self.whole = whole
        self.tables = frozenset[str]()

    def read(self, before: int, largest_key: int) -> Timelines:
        return self.whole


def made(orders: list[tuple[int, int, int]]) -> tuple[Engine, Survey]:
    parts = [(who, at, days(day), days(day), 10_000 * money) for at, (who, day, money) in enumerate(orders)]
    whole = batch(*parts)
    return Engine([One(whole)]), Survey.of(whole)  # type: ignore[list-item]


@settings(max_examples=40)
@given(ORDERS)
def test_standings_are_what_one_counts_by_hand(orders: list[tuple[int, int, int]]) -> None:
    engine, survey = made(orders)
    found = standings_of(engine, days(LAST + 1), LAST, WINDOWS)
    first = min(day for _, day, _ in orders)
    for name, daily in found.items():
        assert (daily.first, daily.last) == (first, LAST), name
    for day in range(first + 20, LAST + 1):
        at = day - first

        def placed(window: int, until: int = day) -> list[int]:
            return [who for who, when, _ in orders if until - window < when <= until]

        assert found["active customers"].values[at] == len(set(placed(9)))
        assert found["customers of the window"].values[at] == len(set(placed(14)))
        buying = set(placed(20))
        again = {who for who in buying if placed(20).count(who) > 1}
        rate = found["repeat rate"].values[at]
        assert (np.isnan(rate) and not buying) or rate == pytest.approx(len(again) / max(len(buying), 1))
        left = {who for who, when, _ in orders if when == day - 7 and who not in placed(7)}
        worth = sum(money for who, when, money in orders if who in left and when <= day - 7)
        assert found["churned revenue"].values[at] == pytest.approx(worth)
    flows = flows_of(survey, LAST)
    assert flows["orders"].values.sum() == len(orders)
    assert flows["revenue"].values[LAST - first] == sum(money for _, when, money in orders if when == LAST)


def test_what_the_log_is_too_short_to_know_is_unknown() -> None:
    engine, _ = made([(1, 0, 5), (1, 8, 5), (1, 15, 5)])
    found = standings_of(engine, days(LAST + 1), LAST, WINDOWS)
    assert np.flatnonzero(np.isfinite(found["active customers"].values))[0] == 9
    assert np.flatnonzero(np.isfinite(found["repeat rate"].values))[0] == 20


def test_revenue_of_the_window_over_those_who_ordered_in_it() -> None:
    revenue = Daily(0, np.array([10.0, 0.0, 20.0, 30.0]), is_flow=True)
    customers = Daily(0, np.array([np.nan, np.nan, 2.0, 1.0]), is_flow=False)
    assert revenue_per_customer(revenue, customers, 2).values[2:].tolist() == [10.0, 50.0]


def test_a_part_since_a_day() -> None:
    daily = Daily(100, np.arange(5.0), is_flow=True)
    assert daily.since(103).values.tolist() == [3.0, 4.0]
    assert daily.since(90).first == 100
